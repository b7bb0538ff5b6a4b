output "machine" {
  description = "Identifier of the machine."
  value       = aws_instance.this.id
}

output "private_address" {
  description = "Its address inside the network."
  value       = aws_instance.this.private_ip
}
