//! 特定健診 XML: the HL7 CDA document of the 3rd and 4th period (schema hc08), and the same items in the layout of
//! オンライン資格確認. What is read, kept and refused is told in `docs/formats/tokutei.md`.

mod header;
mod markup;
mod narrative;
mod observation;
mod online;
mod read;
mod standing;
mod time;
mod value;
mod write;
mod write_observation;

pub use read::read;
pub(super) use time::read_time;
pub(super) use value::parse_number;
pub use write::{Written, has_item, write};

/// Version of the reader; raised whenever the same bytes would give other records.
pub const PARSER: u32 = 2;

/// What every OID of this format begins with; how a document is recognised.
pub(super) const OID_FAMILY: &str = "1.2.392.200119.6.";
/// What the item system and the code tables of 自治体検診 begin with, and the systems that general items come under: the
/// institutions' XML for towns is told by these, since its envelope is not public (spec §2.2).
pub(super) const TOWN_FAMILIES: [&str; 4] =
    ["1.2.392.100495.100.", "1.2.392.200119.4.504", "eCheckup/CodeSystem/jlac10", "master-JLAC10-17digits"];
pub(super) use online::{CHECKUP as CHECKUP_ELEMENT, checkups, is_item, item_fact};

/// The OIDs of this format. Source: the header template and the V08 schemas.
mod oid {
    /// 報告区分
    pub(super) const REPORT: &str = "1.2.392.200119.6.1001";
    /// 健診プログラムサービス
    pub(super) const PROGRAM: &str = "1.2.392.200119.6.1002";
    /// 特定健診項目コード
    pub(super) const ITEM: &str = "1.2.392.200119.6.1005";
    /// 検査方法
    pub(super) const METHOD: &str = "1.2.392.200119.6.1007";
    /// CDA セクション
    pub(super) const SECTION: &str = "1.2.392.200119.6.1010";
    /// 性別
    pub(super) const SEX: &str = "1.2.392.200119.6.1104";
}
