resource "aws_route53_record" "this" {
  zone_id = {{ zone }}
  name    = {{ record_name }}
  type    = {{ record_type }}
  ttl     = {{ ttl | seconds }}
  records = {{ answers }}
}
