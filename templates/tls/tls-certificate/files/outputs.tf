output "certificate" {
  description = "The certificate, for those who shall trust it."
  value       = tls_self_signed_cert.this.cert_pem
}

output "private_key" {
  description = "The private key."
  value       = tls_private_key.this.private_key_pem
  sensitive   = true
}
