//! What follows from an event: the state that an assessment found, the legal status that an act conferred, the return of
//! a loan; and the papers that prove it.

use super::describe::Draft;
use super::events::Event;
use super::mapping::{GroupKind, Prop};
use super::values::dated;
use crate::shared::{coordinates, dates};
use graph_model::{Description, IssueKind, Node};
use std::borrow::Cow;
use vocabularies::{aarre, crm, dc, dcterms, edm, foaf, geo, premis, rdf, skos, wgs84, xsd};

impl<'r> Event<'r> {
    pub(super) fn status(&mut self, draft: &mut Draft<'r>, out: &mut Description<'_>) {
        match self.group.kind {
            GroupKind::Condition => self.condition(draft, out),
            GroupKind::Protection => self.protection(draft, out),
            GroupKind::ExportPermit => self.permit(draft, out),
            GroupKind::Loan => self.loan(draft, out),
            GroupKind::Loss => self.recovery(draft, out),
            _ => {}
        }
    }

    /// The state that was found: what it is, what caused it, how heavy it is and since when.
    fn condition(&mut self, draft: &mut Draft<'r>, out: &mut Description<'_>) {
        for (prop, property) in [
            (Prop::State, crm::P2_HAS_TYPE),
            (Prop::Cause, aarre::CAUSE),
            (Prop::Severity, aarre::DAMAGE_SEVERITY),
        ] {
            for value in self.cells(draft, prop, out) {
                if let Some(concept) = self.concept(&value, out) {
                    let state = self.state(draft, out);
                    out.link(state, property, concept);
                }
            }
        }
        for value in self.cells(draft, Prop::Since, out) {
            let state = self.state(draft, out);
            dated(state, crm::P4_HAS_TIME_SPAN, &value, self.language, out);
        }
    }

    fn state(&mut self, draft: &mut Draft<'r>, out: &mut Description<'_>) -> Node {
        let node = self.node(draft, out);
        let item = out.item();
        let state = self.part_of("state", 0, out);
        out.link(node, crm::P35_HAS_IDENTIFIED, state);
        out.link(item, crm::P44_HAS_CONDITION, state);
        out.a(state, crm::E3_CONDITION_STATE);
        state
    }

    /// The legal status that a classification confers, with its category, number, authority, validity and zone.
    fn protection(&mut self, draft: &mut Draft<'r>, out: &mut Description<'_>) {
        let item = out.item();
        let ended = self.cell(draft, Prop::End, out).is_some();
        for value in self.cells(draft, Prop::Category, out) {
            if let Some(kind) = self.concept(&value, out) {
                let status = self.legal_status(draft, out);
                let node = self.node(draft, out);
                out.link(node, crm::P42_ASSIGNED, kind);
                // What a thing was protected as until some day it is no more.
                if !ended {
                    out.link(item, crm::P2_HAS_TYPE, kind);
                }
                out.link(status, crm::P2_HAS_TYPE, kind);
            }
        }
        for value in self.cells(draft, Prop::Extent, out) {
            let status = self.legal_status(draft, out);
            out.text(status, aarre::STATUS_EXTENT, &value, self.language);
        }
        self.zones(draft, out);
        self.validity(draft, out);
        if !self.is_told() {
            return;
        }
        let status = self.legal_status(draft, out);
        for value in self.cells(draft, Prop::Number, out) {
            out.text(status, dc::IDENTIFIER, &value, None);
        }
        for value in self.cells(draft, Prop::By, out) {
            if let Some((authority, _)) = self.agent(&value, out) {
                out.link(status, aarre::AUTHORITY, authority);
            }
        }
    }

    fn legal_status(&mut self, draft: &mut Draft<'r>, out: &mut Description<'_>) -> Node {
        let item = out.item();
        let node = self.node(draft, out);
        if self.group.kind == GroupKind::ExportPermit {
            return node;
        }
        let status = self.part_of("status", 0, out);
        out.link(item, crm::P104_IS_SUBJECT_TO, status);
        out.a(status, crm::E30_RIGHT);
        out.a(status, aarre::LEGAL_STATUS);
        out.link(status, aarre::CONFERRED_BY, node);
        status
    }

    /// From when to when a status is in force. One that is told to begin and not to end is in force still.
    fn validity(&mut self, draft: &mut Draft<'r>, out: &mut Description<'_>) {
        let told = self.bounds(draft, out);
        if let Some((span, written)) = told {
            let status = self.legal_status(draft, out);
            match span {
                Some(span) => out.dated(status, dcterms::VALID, &span, &written),
                None => out.text(status, aarre::AS_WRITTEN, &written, None),
            }
            return;
        }
        // An act puts a protection in force on its own day.
        if self.group.kind == GroupKind::Protection
            && let Some(date) = self.cell(draft, Prop::Date, out)
            && let Some(span) = dates::read_date(&date, self.language)
            && let Some(open) = dates::from_bounds(&span.edtf, "")
        {
            let status = self.legal_status(draft, out);
            out.dated(status, dcterms::VALID, &open, &date);
        }
    }

    /// Protection zones: places of the monument's own, by name, by geometry or both.
    fn zones(&mut self, draft: &mut Draft<'r>, out: &mut Description<'_>) {
        let mut zones = Vec::new();
        for value in self.cells(draft, Prop::Zone, out) {
            let zone = self.zone(draft, zones.len() + 1, out);
            out.text(zone, skos::PREF_LABEL, &value, self.language);
            zones.push(zone);
        }
        for (index, value) in self.cells(draft, Prop::ZoneGeometry, out).iter().enumerate() {
            let Some(geometry) = coordinates::read_wkt(value) else {
                let expected = "well-known text such as POLYGON((24.9 60.1, …)), closed, in the world";
                out.issue(IssueKind::BadCoordinates, value, expected);
                continue;
            };
            let zone = match zones.get(index) {
                Some(zone) => *zone,
                None => self.zone(draft, index + 1, out),
            };
            out.typed(zone, geo::AS_WKT, &geometry.wkt, geo::WKT_LITERAL);
            let (latitude, longitude) = geometry.centre;
            out.typed(zone, wgs84::LAT, &super::site::decimal(latitude), xsd::DECIMAL);
            out.typed(zone, wgs84::LONG, &super::site::decimal(longitude), xsd::DECIMAL);
        }
    }

    fn zone(&mut self, draft: &mut Draft<'r>, number: usize, out: &mut Description<'_>) -> Node {
        let item = out.item();
        let status = self.legal_status(draft, out);
        let zone = self.part_of("zone", number, out);
        out.link(item, aarre::PROTECTION_ZONE, zone);
        out.link(status, aarre::PROTECTION_ZONE, zone);
        out.a(zone, edm::PLACE);
        zone
    }

    /// A permit is a legal status itself.
    fn permit(&mut self, draft: &mut Draft<'r>, out: &mut Description<'_>) {
        self.validity(draft, out);
        for value in self.cells(draft, Prop::Reason, out) {
            let node = self.node(draft, out);
            out.text(node, crm::P3_HAS_NOTE, &value, self.language);
        }
    }

    /// When a loan shall be back, and when it came back: the custody goes the other way.
    fn loan(&mut self, draft: &mut Draft<'r>, out: &mut Description<'_>) {
        for value in self.cells(draft, Prop::Due, out) {
            let node = self.node(draft, out);
            dated(node, aarre::DUE_DATE, &value, self.language, out);
        }
        for value in self.cells(draft, Prop::Returned, out) {
            let item = out.item();
            let node = self.node(draft, out);
            let back = self.part_of("return", 0, out);
            out.link(item, crm::P30I_CUSTODY_TRANSFERRED_THROUGH, back);
            out.a(back, crm::E10_TRANSFER_OF_CUSTODY);
            out.a(back, aarre::LOAN_RETURN);
            out.link(back, crm::P134_CONTINUED, node);
            dated(back, crm::P4_HAS_TIME_SPAN, &value, self.language, out);
            for (prop, property) in
                [(Prop::To, crm::P28_CUSTODY_SURRENDERED_BY), (Prop::From, crm::P29_CUSTODY_RECEIVED_BY)]
            {
                for party in self.cells(draft, prop, out) {
                    if let Some((agent, _)) = self.agent(&party, out) {
                        out.link(back, property, agent);
                    }
                }
            }
        }
    }

    fn recovery(&mut self, draft: &mut Draft<'r>, out: &mut Description<'_>) {
        for value in self.cells(draft, Prop::Recovered, out) {
            let item = out.item();
            self.node(draft, out);
            let recovery = self.part_of("recovery", 0, out);
            out.link(item, crm::P12I_WAS_PRESENT_AT, recovery);
            out.a(recovery, crm::E7_ACTIVITY);
            out.a(recovery, aarre::RECOVERY);
            dated(recovery, crm::P4_HAS_TIME_SPAN, &value, self.language, out);
        }
    }

    /// The act on which it rests, and the evidence for it: links, and the fingerprints of files.
    pub(super) fn papers(&mut self, draft: &mut Draft<'r>, out: &mut Description<'_>) {
        for (index, value) in self.cells(draft, Prop::Act, out).iter().enumerate() {
            let act = self.paper(draft, "act", index, out);
            out.text(act, dc::TITLE, value, self.language);
        }
        for (index, value) in self.cells(draft, Prop::ActUrl, out).iter().enumerate() {
            if let Some(page) = out.iri(value) {
                let act = self.paper(draft, "act", index, out);
                out.link(act, foaf::PAGE, page);
            }
        }
        for (index, value) in self.cells(draft, Prop::ActDate, out).iter().enumerate() {
            let act = self.paper(draft, "act", index, out);
            dated(act, dcterms::ISSUED, value, self.language, out);
        }
        for (index, value) in self.cells(draft, Prop::Evidence, out).iter().enumerate() {
            let linked = value.contains("://").then(|| out.iri(value)).flatten();
            let paper = self.paper(draft, "evidence", index, out);
            match linked {
                Some(file) => out.link(paper, foaf::PAGE, file),
                None => out.text(paper, dc::TITLE, value, self.language),
            }
        }
        for (index, value) in self.cells(draft, Prop::Hash, out).iter().enumerate() {
            self.fixity(draft, index, value, out);
        }
    }

    /// A paper that documents the event; what a document is proved by is the document's own.
    fn paper(&mut self, draft: &mut Draft<'r>, kind: &str, index: usize, out: &mut Description<'_>) -> Node {
        let node = self.node(draft, out);
        if self.group.kind == GroupKind::Document {
            return node;
        }
        let paper = self.part_of(kind, index + 1, out);
        out.link(node, crm::P70I_IS_DOCUMENTED_IN, paper);
        if kind == "act" && self.group.kind == GroupKind::Protection {
            let status = self.legal_status(draft, out);
            out.link(status, crm::P70I_IS_DOCUMENTED_IN, paper);
        }
        out.a(paper, crm::E31_DOCUMENT);
        paper
    }

    /// The fingerprint of a file, with the algorithm that its length tells.
    fn fixity(&mut self, draft: &mut Draft<'r>, index: usize, value: &str, out: &mut Description<'_>) {
        let digits: Cow<'_, str> = match value.rsplit_once(':') {
            Some((_, digits)) => Cow::Borrowed(digits.trim()),
            None => Cow::Borrowed(value.trim()),
        };
        let algorithm = match digits.len() {
            32 => "MD5",
            40 => "SHA-1",
            64 => "SHA-256",
            96 => "SHA-384",
            128 => "SHA-512",
            _ => "",
        };
        if algorithm.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            let expected = "the MD5, SHA-1 or SHA-2 fingerprint of a file in hexadecimal figures";
            out.issue(IssueKind::UnknownCode, value, expected);
            return;
        }
        let paper = self.paper(draft, "evidence", index, out);
        let fixity = self.part_of("fixity", index + 1, out);
        out.link(paper, premis::FIXITY, fixity);
        out.a(fixity, premis::FIXITY_CLASS);
        out.text(fixity, dc::TYPE, algorithm, None);
        out.text(fixity, rdf::VALUE, &digits.to_ascii_lowercase(), None);
    }
}
