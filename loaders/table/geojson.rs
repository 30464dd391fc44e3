//! Geometries of GeoJSON (RFC 7946) as well-known text. Whether they lie in the world is for the reader of that to say.

use serde_json::Value;

/// The well-known text of a geometry; a third coordinate is dropped. `None` for what is no geometry with coordinates.
pub(super) fn well_known_text(geometry: &Value) -> Option<String> {
    let kind = geometry.get("type")?.as_str()?;
    let coordinates = geometry.get("coordinates")?;
    let mut text = kind.to_ascii_uppercase();
    if kind == "Point" {
        text.push('(');
        write(coordinates, &mut text);
        text.push(')');
    } else {
        write(coordinates, &mut text);
    }
    Some(text)
}

fn write(coordinates: &Value, text: &mut String) {
    let Value::Array(list) = coordinates else {
        text.push_str("no coordinates");
        return;
    };
    // A position is a list of numbers.
    if !list.first().is_some_and(Value::is_array) {
        for (index, number) in list.iter().take(2).enumerate() {
            if index > 0 {
                text.push(' ');
            }
            match number {
                Value::Number(number) => text.push_str(&number.to_string()),
                other => text.push_str(&other.to_string()),
            }
        }
        return;
    }
    text.push('(');
    for (index, inner) in list.iter().enumerate() {
        if index > 0 {
            text.push_str(", ");
        }
        write(inner, text);
    }
    text.push(')');
}
