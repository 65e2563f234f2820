//! What a record says besides its result: one line for each thing that is there.

use super::{
    Detail, Language,
    record::{label, method_text},
};
use crate::{
    base::Decimal,
    record::{Body, Fact, MedicationStage, Observation, Value},
};

struct Lines(Language, Vec<Detail>);

impl Lines {
    fn put(&mut self, japanese: &'static str, english: &'static str, text: Option<impl Into<String>>) {
        if let Some(text) = text.map(Into::into).filter(|text| !text.is_empty()) {
            self.1.push(Detail { label: self.0.pick(japanese, english), text });
        }
    }

    fn each(&mut self, japanese: &'static str, english: &'static str, texts: &[String]) {
        for text in texts {
            self.put(japanese, english, Some(text.clone()));
        }
    }
}

/// Everything else that a record says, a line each.
pub(super) fn details(fact: &Fact, language: Language) -> Vec<Detail> {
    let mut lines = Lines(language, Vec::new());
    if let Some(when) = &fact.when {
        lines.put("時刻", "Time", when.time.clone());
        lines.put("終わり", "Until", when.until.map(|day| day.to_string()));
    }
    for coding in &fact.concept.codings {
        lines.put(
            "コード",
            "Code",
            Some(format!("{} {} {}", coding.system.as_deref().unwrap_or("-"), coding.code, coding.display.as_deref().unwrap_or(""))),
        );
    }
    match &fact.body {
        Body::Observation(observation) => observation_details(observation, &mut lines),
        Body::Vaccination(dose) => {
            lines.put("製造番号", "Lot", dose.lot.clone());
            lines.put("回数", "Dose", dose.dose_number.clone());
            lines.put("シリーズ", "Series", dose.series.clone());
            dose.targets.iter().for_each(|target| lines.put("対象の病気", "Protects from", label(Some(target))));
            lines.put("製造会社", "Manufacturer", dose.manufacturer.clone());
            lines.put("部位", "Site", label(dose.site.as_ref()));
            lines.put("経路", "Route", label(dose.route.as_ref()));
            lines.put("有効期限", "Lot expires", dose.expires.map(|day| day.to_string()));
            lines.put("状態", "Status", dose.status.clone());
            lines.each("メモ", "Note", &dose.notes);
        }
        Body::Medication(medicine) => {
            lines.put("段階", "Stage", Some(stage_text(medicine.stage, language)));
            lines.put("用法", "How to take", label(medicine.usage.as_ref()));
            let quantity =
                medicine.quantity.as_ref().map(|quantity| format!("{quantity}{}", medicine.quantity_unit.as_deref().unwrap_or("")));
            lines.put("数量", "Quantity", quantity);
            lines.put("剤形", "Form", medicine.form.clone());
            lines.put("一般名", "General name", label(medicine.generic.as_ref()));
            medicine.ingredients.iter().for_each(|one| lines.put("成分", "Ingredient", label(Some(one))));
            lines.put("開始", "From", medicine.start.map(|day| day.to_string()));
            lines.put("終了", "To", medicine.end.map(|day| day.to_string()));
            lines.put("処方", "Prescribed by", medicine.prescriber.clone());
            lines.put("状態", "Status", medicine.status.clone());
            lines.each("メモ", "Note", &medicine.notes);
        }
        Body::Condition(condition) => {
            lines.put("確からしさ", "Certainty", label(condition.verification.as_ref()));
            lines.put("発症", "Since", condition.onset.clone());
            lines.put("終わり", "Until", condition.abated.clone());
            lines.put("程度", "Severity", label(condition.severity.as_ref()));
            lines.put("部位", "Site", label(condition.body_site.as_ref()));
            lines.each("メモ", "Note", &condition.notes);
        }
        Body::Allergy(allergy) => {
            lines.put("性質", "Nature", allergy.nature.clone());
            lines.each("分類", "Category", &allergy.categories);
            lines.put("重大さ", "Criticality", allergy.criticality.clone());
            lines.put("状態", "Status", label(allergy.clinical_status.as_ref()));
            lines.put("確からしさ", "Certainty", label(allergy.verification.as_ref()));
            lines.put("発症", "Since", allergy.onset.clone());
            lines.each("メモ", "Note", &allergy.notes);
        }
        Body::Procedure(procedure) => {
            lines.put("状態", "Status", procedure.status.clone());
            procedure.body_sites.iter().for_each(|site| lines.put("部位", "Site", label(Some(site))));
            procedure.reasons.iter().for_each(|reason| lines.put("理由", "Reason", label(Some(reason))));
            lines.each("メモ", "Note", &procedure.notes);
        }
        Body::Expense(expense) => {
            let yen = |amount: &Decimal| format!("{amount}{}", language.pick("円", " yen"));
            lines.put("診療区分", "Kind of care", expense.class.clone());
            lines.put("自己負担額", "Own share", expense.own_share.as_ref().map(yen));
            lines.put("医療費の総額", "Total", expense.total.as_ref().map(yen));
            lines.put("点数", "Points", expense.points.as_ref().map(Decimal::to_string));
            lines.put("日数", "Days", expense.days.as_ref().map(Decimal::to_string));
            lines.each("メモ", "Note", &expense.notes);
        }
        Body::Narrative(narrative) => {
            lines.put("状態", "Status", narrative.status.clone());
            for attachment in &narrative.attachments {
                let size = attachment.bytes.map(|bytes| format!(" ({bytes} B)")).unwrap_or_default();
                let name = attachment.title.as_deref().or(attachment.url.as_deref()).unwrap_or("-");
                lines.put("添付", "Attachment", Some(format!("{name} {}{size}", attachment.content_type.as_deref().unwrap_or(""))));
            }
        }
        Body::Note(_) | Body::Raw(_) => {}
    }
    lines.put("記入者", "Stated by", fact.said_by.clone());
    lines.1
}

fn observation_details(observation: &Observation, lines: &mut Lines) {
    if let Value::Coded { choice, .. } = &observation.value
        && let Some(coding) = choice.leading()
    {
        lines.put("回答コード", "Answer code", Some(format!("{} {}", coding.system.as_deref().unwrap_or("-"), coding.code)));
    }
    lines.put("検査方法", "Method", observation.method.as_ref().and_then(method_text));
    lines.put("判定", "Flag", label(observation.interpretation.as_ref()));
    for range in &observation.reference {
        lines.put("基準値", "Reference range", Some(range_text(range)));
    }
    lines.put("グループ", "Group", observation.group.clone());
    lines.put("部位", "Site", label(observation.body_site.as_ref()));
    lines.put("検体", "Specimen", label(observation.specimen.as_ref()));
    lines.put("状態", "Status", observation.status.clone());
    lines.each("メモ", "Note", &observation.notes);
}

fn range_text(range: &crate::record::ReferenceRange) -> String {
    let ends = match (&range.low, &range.high) {
        (Some(low), Some(high)) => format!("{low}–{high}"),
        (Some(low), None) => format!("≥ {low}"),
        (None, Some(high)) => format!("≤ {high}"),
        (None, None) => String::new(),
    };
    [ends, range.text.clone().unwrap_or_default()].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
}

const fn stage_text(stage: MedicationStage, language: Language) -> &'static str {
    match (stage, language) {
        (MedicationStage::Prescribed, Language::Japanese) => "処方",
        (MedicationStage::Prescribed, Language::English) => "prescribed",
        (MedicationStage::Dispensed, Language::Japanese) => "調剤",
        (MedicationStage::Dispensed, Language::English) => "dispensed",
        (MedicationStage::Taken, Language::Japanese) => "服用",
        (MedicationStage::Taken, Language::English) => "taken",
        (MedicationStage::OverTheCounter, Language::Japanese) => "市販薬",
        (MedicationStage::OverTheCounter, Language::English) => "over the counter",
    }
}
