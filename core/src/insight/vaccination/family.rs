//! The vaccines of childhood, and those that stand for each other: 5種混合 for 4種混合 and Hib, MMR for MR.

use chrono::NaiveDate;

use super::{
    DoseStatus, PlannedDose,
    calendar::{Gap, full_years},
    live::Live,
    rules::{Routine, routine_of, rule},
    series::Series,
    told::Dose,
};
use crate::record::Sex;

/// Behind a dose of Hib alone, by the stricter of the two rules.
const BEHIND_HIB: Gap = Gap::Days(27);

struct Child<'a> {
    born: NaiveDate,
    sex: Sex,
    on: NaiveDate,
    all: &'a [Dose<'a>],
}

pub(super) fn plan(born: NaiveDate, sex: Sex, on: NaiveDate, all: &[Dose<'_>], injected: &mut Live, plan: &mut Vec<PlannedDose>) {
    let child = Child { born, sex, on, all };
    child.simple("rotavirus", injected, plan);
    child.simple("hepatitis_b", injected, plan);
    child.combined(injected, plan);
    for vaccine in ["pneumococcal_child", "bcg"] {
        child.simple(vaccine, injected, plan);
    }
    child.measles_rubella(injected, plan);
    for vaccine in ["varicella", "japanese_encephalitis", "dt", "hpv"] {
        child.simple(vaccine, injected, plan);
    }
}

impl<'a> Child<'a> {
    /// The doses of a vaccine that are part of childhood's course.
    fn doses(&self, vaccine: &str, routine: &Routine) -> Vec<&'a Dose<'a>> {
        let is_part = |dose: &&Dose<'_>| dose.latest.is_none_or(|day| full_years(self.born, day) <= routine.ends());
        self.all.iter().filter(|dose| dose.given.vaccine == vaccine).filter(is_part).collect()
    }

    /// Whether the vaccine is for this child at all.
    fn is_listed(&self, routine: &Routine) -> bool {
        routine.is_for(self.born, self.sex) && routine.is_listed_at(full_years(self.born, self.on))
    }

    fn series(&self, vaccine: &'static str, doses: Vec<&'a Dose<'a>>) -> Series<'a> {
        Series { vaccine, born: self.born, on: self.on, doses, silent: Vec::new(), not_before: None }
    }

    fn simple(&self, vaccine: &'static str, injected: &mut Live, plan: &mut Vec<PlannedDose>) {
        let Some(routine) = routine_of(vaccine) else { return };
        let doses = self.doses(vaccine, routine);
        // A boy's dose of HPV is on record, and has no routine course.
        if (doses.is_empty() && !self.is_listed(routine)) || (vaccine == "hpv" && !routine.is_for(self.born, self.sex)) {
            return;
        }
        plan.extend(self.series(vaccine, doses).lines(injected));
    }

    fn measles_rubella(&self, injected: &mut Live, plan: &mut Vec<PlannedDose>) {
        let Some(routine) = routine_of("mr") else { return };
        let mut doses = self.doses("mr", routine);
        doses.extend(self.doses("mmr", routine));
        let pairs = pairs(&self.doses("measles", routine), &self.doses("rubella", routine));
        doses.extend(&pairs);
        if doses.is_empty() && !self.is_listed(routine) {
            return;
        }
        by_day(&mut doses);
        let series = Series { silent: pairs.iter().map(|dose| dose.at).collect(), ..self.series("mr", doses) };
        let mut lines = series.lines(injected);
        for line in lines.iter_mut().filter(|line| line.vaccine == "mmr") {
            line.note("mr-other");
        }
        plan.extend(lines);
    }

    /// 5種混合, or 4種混合 and Hib for those who began with them.
    fn combined(&self, injected: &mut Live, plan: &mut Vec<PlannedDose>) {
        let Some(routine) = routine_of("dpt_ipv_hib") else { return };
        let five = self.doses("dpt_ipv_hib", routine);
        let hib = self.doses("hib", routine);
        let mut polio = self.doses("ipv", routine);
        polio.extend(self.doses("polio_oral", routine));
        by_day(&mut polio);
        let apart = pairs(&self.doses("dpt", routine), &polio);
        let mut four = self.doses("dpt_ipv", routine);
        four.extend(&apart);
        by_day(&mut four);
        let silent: Vec<usize> = apart.iter().map(|dose| dose.at).collect();
        if five.is_empty() && four.is_empty() && hib.is_empty() {
            if self.is_listed(routine) {
                plan.extend(self.series("dpt_ipv_hib", five).lines(injected));
            }
        } else if five.is_empty() {
            plan.extend(Series { silent, ..self.series("dpt_ipv", four) }.lines(injected));
            plan.extend(self.series("hib", hib).lines(injected));
        } else if four.is_empty() && hib.is_empty() {
            plan.extend(self.series("dpt_ipv_hib", five).lines(injected));
            for vaccine in ["dpt_ipv", "hib"] {
                plan.push(PlannedDose::new(vaccine, 1, DoseStatus::NotNeeded, rule("dpt-one-kind")));
            }
        } else {
            plan.extend(self.switched(&five, four, hib, silent, injected));
        }
    }

    /// One dose of 5種混合 counts for both; what is left is planned with it.
    fn switched(
        &self,
        five: &[&'a Dose<'a>],
        mut four: Vec<&'a Dose<'a>>,
        mut hib: Vec<&'a Dose<'a>>,
        silent: Vec<usize>,
        injected: &mut Live,
    ) -> Vec<PlannedDose> {
        let not_before = hib.iter().filter_map(|dose| dose.latest).max().map(|day| BEHIND_HIB.after(day));
        let holds_both: Vec<usize> = five.iter().map(|dose| dose.at).collect();
        four.extend(five);
        hib.extend(five);
        by_day(&mut four);
        by_day(&mut hib);
        let mut lines = Series { silent, not_before, ..self.series("dpt_ipv_hib", four) }.lines(injected);
        let open = lines.iter().filter(|line| line.status.is_open()).count();
        let alone = Series { silent: holds_both, ..self.series("hib", hib) }.lines(injected);
        // What the combined doses still to come hold needs no dose of its own.
        let (given, left): (Vec<PlannedDose>, Vec<PlannedDose>) = alone.into_iter().partition(|line| line.source.is_some());
        lines.extend(given);
        lines.extend(left.into_iter().filter(|line| line.status.is_open()).skip(open));
        for line in &mut lines {
            line.note("dpt-switch");
        }
        lines
    }
}

/// The later of each two: given apart, they count as one dose of what holds both.
fn pairs<'a>(one: &[&'a Dose<'a>], other: &[&'a Dose<'a>]) -> Vec<&'a Dose<'a>> {
    one.iter().zip(other).map(|(one, other)| if one.latest >= other.latest { *one } else { *other }).collect()
}

fn by_day(doses: &mut [&Dose<'_>]) {
    doses.sort_by_key(|dose| (dose.first, dose.latest, dose.at));
}
