resource "aws_s3_bucket" "this" {
  bucket        = {{ bucket_name if bucket_name is not none else component.name }}
  acl           = "private"
  force_destroy = false

  versioning {
    enabled = true
  }

  server_side_encryption_configuration {
    rule {
      apply_server_side_encryption_by_default {
        {% if kms_key is not none %}
        sse_algorithm     = "aws:kms"
        kms_master_key_id = {{ kms_key }}
        {% else %}
        sse_algorithm = "AES256"
        {% endif %}
      }
    }
  }
  {% if old_versions_days is not none %}

  lifecycle_rule {
    id      = "old-versions"
    enabled = true

    noncurrent_version_expiration {
      days = {{ old_versions_days }}
    }
  }
  {% endif %}

  tags = merge(
    {% if tags is not none %}
    {{ tags }},
    {% endif %}
    {
      Component = {{ component.group ~ "/" ~ component.name }}
      ManagedBy = "chopmark"
    },
  )
}

resource "aws_s3_bucket_public_access_block" "this" {
  bucket                  = aws_s3_bucket.this.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}
