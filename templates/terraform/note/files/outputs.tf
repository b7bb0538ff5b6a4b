output "text" {
  description = "What the note says."
  value       = terraform_data.this.output.text
}
