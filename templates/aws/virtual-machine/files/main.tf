resource "aws_instance" "this" {
  ami                         = {{ machine_image }}
  instance_type               = {{ size }}
  subnet_id                   = {{ subnet }}
  associate_public_ip_address = {{ public_address }}
  {% if security_groups is not none %}

  vpc_security_group_ids = {{ security_groups }}
  {% endif %}
  {% if key_pair is not none %}

  key_name = {{ key_pair }}
  {% endif %}

  metadata_options {
    http_endpoint = "enabled"
    http_tokens   = "required"
  }

  root_block_device {
    encrypted   = true
    volume_size = {{ disk_size }}
    volume_type = "gp3"
  }

  tags = merge(
    {
      Name = {{ component.name }}
    },
    {% if tags is not none %}
    {{ tags }},
    {% endif %}
    {
      Component = {{ component.group ~ "/" ~ component.name }}
      ManagedBy = "chopmark"
    },
  )
}
