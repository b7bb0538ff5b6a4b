output "name" {
  description = "The full name."
  value       = aws_route53_record.this.fqdn
}
