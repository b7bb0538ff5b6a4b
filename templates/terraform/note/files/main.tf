resource "terraform_data" "this" {
  input = {
    name = {{ component.name }}
    text = {{ text }}
    {% if labels is not none %}

    labels = {{ labels }}
    {% endif %}
  }
}
