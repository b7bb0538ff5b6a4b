resource "aws_route53_record" "this" {
  zone_id = {{ zone }}
  name    = {{ record_name }}
  type    = {{ "A" if record_type == "ipv4" else "AAAA" if record_type == "ipv6" else record_type }}
  ttl     = {{ ttl | seconds }}
  records = {{ answers }}
}
