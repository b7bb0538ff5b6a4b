locals {
  days         = {{ days }}
  renewal_days = {{ renewal_days }}
  {% if other_hosts is not none %}
  hosts        = concat([{{ host }}], {{ other_hosts }})
  {% else %}
  hosts        = [{{ host }}]
  {% endif %}
}

resource "tls_private_key" "this" {
  {% if key_type == "ecdsa-p256" %}
  algorithm   = "ECDSA"
  ecdsa_curve = "P256"
  {% elif key_type == "ecdsa-p384" %}
  algorithm   = "ECDSA"
  ecdsa_curve = "P384"
  {% elif key_type == "rsa-2048" %}
  algorithm = "RSA"
  rsa_bits  = 2048
  {% elif key_type == "rsa-4096" %}
  algorithm = "RSA"
  rsa_bits  = 4096
  {% else %}
  algorithm = "ED25519"
  {% endif %}
}

resource "tls_self_signed_cert" "this" {
  private_key_pem       = tls_private_key.this.private_key_pem
  dns_names             = local.hosts
  validity_period_hours = local.days * 24
  early_renewal_hours   = local.renewal_days * 24
  allowed_uses          = ["digital_signature", "key_encipherment", "server_auth"]

  subject {
    common_name = {{ host }}
    {% if organization is not none %}

    organization = {{ organization }}
    {% endif %}
  }
}
