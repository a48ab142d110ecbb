//! Finding a name in a zone, as RFC 1034 section 4.3.2 and RFC 4592 have it.
//!
//! The part that ready-made stores get wrong is which wildcard may answer: only the one right below the closest encloser, and a
//! name that has nothing itself but something below it exists too.

use hickory_proto::rr::{Name, RData, Record, RecordType};

use super::Zone;

/// What a zone says of a name and a type.
#[derive(Clone, Debug)]
pub(super) enum Found {
    /// Records of the type, under the name that was asked for.
    Records(Vec<Record>),
    /// The name is an alias: the record and where it leads.
    Alias(Box<Record>, Box<Name>),
    /// The name lies below a cut: the NS set at the cut.
    Delegated(Vec<Record>),
    /// The name exists, without this type.
    NoData,
    /// The name does not exist.
    NoName,
}

impl Zone {
    /// Looks a name up. The name must lie in the zone.
    pub(super) fn look(&self, asked: &Name, kind: RecordType) -> Found {
        if let Some(cut) = self.cut(asked) {
            return Found::Delegated(cut);
        }
        if self.has(asked) {
            return self.pick(asked, asked, kind);
        }
        let mut encloser = asked.base_name();
        while !self.has(&encloser) {
            encloser = encloser.base_name();
        }
        match encloser.prepend_label("*") {
            Ok(star) if self.has(&star) => self.pick(&star, asked, kind),
            _ => Found::NoName,
        }
    }

    /// A name exists when it or anything below it has a record; the origin always does.
    fn has(&self, name: &Name) -> bool {
        *name == self.origin || self.records.iter().any(|record| name.zone_of(&record.name))
    }

    fn pick(&self, source: &Name, asked: &Name, kind: RecordType) -> Found {
        if kind == RecordType::SOA && *asked == self.origin {
            return Found::Records(vec![self.soa_record()]);
        }
        let here = || self.records.iter().filter(|record| record.name == *source);
        let wanted = here().filter(|record| kind == RecordType::ANY || record.record_type() == kind);
        let records: Vec<_> = wanted.map(|record| renamed(record, asked)).collect();
        if !records.is_empty() {
            return Found::Records(records);
        }
        let alias = here().find_map(|record| match &record.data {
            RData::CNAME(target) => Some(Found::Alias(Box::new(renamed(record, asked)), Box::new(target.0.clone()))),
            _ => None,
        });
        alias.unwrap_or(Found::NoData)
    }

    /// The NS set of the highest cut at or above the name. At the cut itself only DS belongs to the parent, and there is none here.
    fn cut(&self, asked: &Name) -> Option<Vec<Record>> {
        let is_cut = |record: &&Record| {
            record.record_type() == RecordType::NS && record.name != self.origin && record.name.zone_of(asked)
        };
        let top = self.records.iter().filter(is_cut).min_by_key(|record| record.name.iter().len())?;
        Some(self.records.iter().filter(is_cut).filter(|record| record.name == top.name).cloned().collect())
    }
}

fn renamed(record: &Record, owner: &Name) -> Record {
    Record::from_rdata(owner.clone(), record.ttl, record.data.clone())
}
