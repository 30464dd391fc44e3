"""What schemathesis has to be told: a query is sent as it is."""

import schemathesis


@schemathesis.serializer("application/sparql-query")
def as_it_is(_context, value):
    return str(value).encode("utf-8", "replace")
