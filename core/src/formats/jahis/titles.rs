//! Names of facts that have none of their own. Writing finds by them the record again that reading made a note from.

pub(super) const DISPENSING: &str = "調剤";
pub(super) const DISPENSER: &str = "調剤した医師・薬剤師";
pub(super) const OTHER_PHARMACY: &str = "調剤した医療機関等";
pub(super) const CAUTION: &str = "服用注意";
pub(super) const FROM_INSTITUTION: &str = "医療機関等提供情報";
pub(super) const LEFT_OVER: &str = "残薬確認";
pub(super) const REMARK: &str = "備考";
pub(super) const FROM_PATIENT: &str = "患者等記入";
pub(super) const MEMO: &str = "手帳メモ";
pub(super) const FAMILY_PHARMACIST: &str = "かかりつけ薬剤師";
pub(super) const OVER_THE_COUNTER: &str = "要指導・一般用医薬品";
pub(super) const PATIENT: &str = "患者情報";
pub(super) const SPECIAL: &str = "患者特記";
pub(super) const ALLERGY: &str = "アレルギー歴";
pub(super) const REACTION: &str = "副作用歴";
pub(super) const HISTORY: &str = "既往歴";
pub(super) const BLOOD_GROUP: &str = "血液型";
pub(super) const WEIGHT: &str = "体重";
pub(super) const NOT_READ: &str = "読めなかった行";
/// Before a medicine that stands in a memo.
pub(super) const PRESCRIBED: &str = "処方";
pub(super) const TAKEN: &str = "使用中の薬";
