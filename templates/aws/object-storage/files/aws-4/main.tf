resource "aws_s3_bucket" "this" {
  bucket        = {{ bucket_name if bucket_name is not none else component.name }}
  force_destroy = false

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

resource "aws_s3_bucket_versioning" "this" {
  bucket = aws_s3_bucket.this.id

  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_bucket_server_side_encryption_configuration" "this" {
  bucket = aws_s3_bucket.this.id

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

resource "aws_s3_bucket_lifecycle_configuration" "this" {
  # Versions must be kept before a rule can speak of old ones.
  bucket = aws_s3_bucket_versioning.this.bucket

  rule {
    id     = "old-versions"
    status = "Enabled"

    filter {}

    noncurrent_version_expiration {
      noncurrent_days = {{ old_versions_days }}
    }
  }
}
{% endif %}
