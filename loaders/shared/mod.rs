//! What formats share: the reading of XML, and the normalisers of dates, names, languages, places and
//! coordinates. Nothing here knows any one format.
