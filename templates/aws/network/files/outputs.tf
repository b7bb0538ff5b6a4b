output "network" {
  description = "Identifier of the network."
  value       = aws_vpc.this.id
}
{% if subnets is not none %}

output "subnets" {
  description = "Identifiers of the subnets by their ranges."
  value       = { for range, subnet in aws_subnet.this : range => subnet.id }
}
{% endif %}
