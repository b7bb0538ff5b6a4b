locals {
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

resource "aws_vpc" "this" {
  cidr_block           = {{ range }}
  enable_dns_support   = true
  enable_dns_hostnames = true

  tags = local.tags
}

# What is given no security group falls into this one: it lets nothing in and nothing out.
resource "aws_default_security_group" "this" {
  vpc_id = aws_vpc.this.id

  tags = local.tags
}
{% if subnets is not none %}

resource "aws_subnet" "this" {
  {% if zones is not none %}
  for_each = zipmap({{ subnets }}, {{ zones }})
  {% else %}
  for_each = toset({{ subnets }})
  {% endif %}

  vpc_id                  = aws_vpc.this.id
  cidr_block              = each.key
  map_public_ip_on_launch = false
  {% if zones is not none %}

  availability_zone = each.value
  {% endif %}

  tags = local.tags
}
{% endif %}
