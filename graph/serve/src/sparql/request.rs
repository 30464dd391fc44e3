//! The SPARQL 1.1 Protocol (W3C Recommendation, 21 March 2013), section 2.1: what a request asks.
//!
//! Update is not offered: no public address writes.

use crate::body::{media, text};
use crate::parameters::Parameters;
use crate::problem::Problem;
use axum::body::Body;
use axum::http::{HeaderMap, Method};

/// A query with the dataset it is asked of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Asked {
    /// The text; `None` when somebody only looks at the endpoint.
    pub(crate) query: Option<String>,
    pub(crate) default_graphs: Vec<String>,
    pub(crate) named_graphs: Vec<String>,
    /// All parameters, from the address and from the form.
    pub(crate) parameters: Parameters,
}

/// Reads the request.
///
/// # Errors
/// 400 for parameters that the protocol does not allow, 413 for a body over 1 MiB, 415 for a body that is
/// neither a form nor a query, 408 for a body that does not come.
pub(crate) async fn read(
    method: &Method,
    headers: &HeaderMap,
    query_string: &str,
    body: Body,
) -> Result<Asked, Problem> {
    let mut parameters = Parameters::parse(query_string)?;
    let mut direct = None;
    if method == Method::POST {
        let essence = media(headers)?;
        match essence.as_str() {
            "application/x-www-form-urlencoded" => parameters.extend(Parameters::parse(&text(body).await?)?),
            "application/sparql-query" => direct = Some(text(body).await?),
            "application/sparql-update" => {
                return Err(Problem::unsupported("this endpoint answers queries and takes no updates"));
            }
            _ => {
                return Err(Problem::unsupported(
                    "send a query as application/sparql-query or application/x-www-form-urlencoded",
                ));
            }
        }
    }
    if ["update", "using-graph-uri", "using-named-graph-uri"]
        .iter()
        .any(|name| parameters.get(name).is_some())
    {
        return Err(Problem::bad_request("this endpoint answers queries and takes no updates"));
    }
    let query = {
        let mut queries = direct.as_deref().into_iter().chain(parameters.all("query"));
        let first = queries.next().map(str::to_owned);
        if queries.next().is_some() {
            return Err(Problem::bad_request("there is more than one query in the request; send one"));
        }
        first
    };
    if query.is_none() && method == Method::POST {
        return Err(Problem::bad_request("there is no query in the form; send it as the parameter 'query'"));
    }
    let collect = |name| parameters.all(name).map(str::to_owned).collect();
    let (default_graphs, named_graphs) = (collect("default-graph-uri"), collect("named-graph-uri"));
    Ok(Asked { query, default_graphs, named_graphs, parameters })
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;
    use crate::body::BODY_LIMIT;
    use axum::http::header;

    async fn asked(method: Method, content_type: &str, query: &str, body: &str) -> Result<Asked, u16> {
        let mut headers = HeaderMap::new();
        if !content_type.is_empty() {
            headers.insert(header::CONTENT_TYPE, content_type.parse().unwrap());
        }
        read(&method, &headers, query, Body::from(body.to_owned()))
            .await
            .map_err(|problem| problem.status.as_u16())
    }

    #[tokio::test]
    async fn takes_the_three_ways_and_refuses_the_rest() {
        const FORM: &str = "application/x-www-form-urlencoded; charset=UTF-8";
        let get = asked(Method::GET, "", "query=ASK%7B%7D&default-graph-uri=a&default-graph-uri=b", "")
            .await
            .unwrap();
        assert_eq!((get.query.as_deref(), get.default_graphs.len()), (Some("ASK{}"), 2));
        let form = asked(Method::POST, FORM, "", "query=ASK+%7B%7D&named-graph-uri=n").await.unwrap();
        assert_eq!((form.query.as_deref(), form.named_graphs.len()), (Some("ASK {}"), 1));
        let direct =
            asked(Method::POST, "application/sparql-query", "named-graph-uri=n", "ASK {}").await.unwrap();
        assert_eq!((direct.query.as_deref(), direct.named_graphs.len()), (Some("ASK {}"), 1));
        assert_eq!(asked(Method::GET, "", "", "").await.unwrap().query, None);
        assert_eq!(asked(Method::POST, "text/plain", "", "ASK {}").await, Err(415));
        assert_eq!(asked(Method::POST, "application/sparql-update", "", "CLEAR ALL").await, Err(415));
        assert_eq!(asked(Method::POST, "", "", "ASK {}").await, Err(415));
        assert_eq!(asked(Method::POST, FORM, "", "named-graph-uri=n").await, Err(400));
        assert_eq!(asked(Method::GET, "", "query=a&query=b", "").await, Err(400));
        assert_eq!(asked(Method::GET, "", "update=CLEAR", "").await, Err(400));
        assert_eq!(asked(Method::GET, "", "query=%FF", "").await, Err(400));
        assert_eq!(asked(Method::GET, "", "query=ASK%7B%7D&using-graph-uri=g", "").await, Err(400));
        for (charset, status) in [("UTF-8", None), ("\"utf-8\"", None), ("UTF-16", Some(415))] {
            let content_type = format!("application/sparql-query; charset={charset}");
            let met = asked(Method::POST, &content_type, "", "ASK {}").await;
            assert_eq!(met.err(), status, "{charset}");
        }
        assert_eq!(asked(Method::POST, FORM, "", &"a".repeat(BODY_LIMIT + 1)).await, Err(413));
    }
}
