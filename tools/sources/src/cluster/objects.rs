//! Lists of objects of any kind.
//! Called by the tool `list_objects`.
//! Must never answer with more than people can read, nor with the value of a Secret.

use super::{Clusters, status};
use crate::{json, label};
use chopmark_domain::environment::Environment;
use chopmark_domain::facts::ObjectSummary;
use chopmark_domain::problem::{Code, Problem};

/// How many objects one answer holds: more than a person reads, less than a model's context suffers from.
const MOST: usize = 500;

impl Clusters {
    /// The objects of a kind, named in any way (`pods`, `deploy`, `Ingress`), by namespace and name.
    /// Of a Secret only the names of its keys are told.
    ///
    /// # Errors
    /// [`Code::NoCluster`], [`Code::UnknownKind`], [`Code::ClusterUnreachable`], [`Code::ClusterForbidden`].
    pub async fn objects(
        &self,
        environment: &Environment,
        kind: &str,
        namespace: Option<&str>,
    ) -> Result<Vec<ObjectSummary>, Problem> {
        let connection = self.reader(environment).await?;
        let kind = connection
            .kind_named(kind)
            .await?
            .ok_or_else(|| Problem::new(Code::UnknownKind).with("kind", kind).with("environment", &environment.name))?;
        let page = connection.list(&kind, namespace, None, MOST).await?;
        let mut objects: Vec<_> = page
            .objects
            .iter()
            .map(|object| ObjectSummary {
                object: json::reference(object),
                status: status::words(object),
                created_at: json::moment(object, "/metadata/creationTimestamp"),
                component: label::component_in(&environment.name, object),
            })
            .collect();
        objects.sort_by(|a, b| (&a.object.namespace, &a.object.name).cmp(&(&b.object.namespace, &b.object.name)));
        Ok(objects)
    }
}
