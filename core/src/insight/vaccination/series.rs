//! One series of doses: which place of its course each given dose takes, and when the open places can and should be given.

use chrono::NaiveDate;

use super::{
    DoseStatus, PlannedDose,
    calendar::{Age, plus_days},
    live::{LIVE_GAP, Live, is_live},
    product,
    rules::{Condition, Extension, From, Place, places, rule},
    told::Dose,
};

/// A late start is ordinary until this age.
const ORDINARY_START: Age = Age::Months(7);
/// Vaccines begun in the first year, to which that applies.
const BEGUN_IN_THE_FIRST_YEAR: [&str; 5] = ["hepatitis_b", "dpt_ipv_hib", "dpt_ipv", "hib", "pneumococcal_child"];
/// Vaccines of which a dose before the lawful age does not count.
const COUNT_FROM_THE_LAWFUL_AGE: [&str; 3] = ["rotavirus", "mr", "varicella"];

/// What is known before a series is read.
pub(super) struct Series<'a> {
    pub(super) vaccine: &'static str,
    pub(super) born: NaiveDate,
    pub(super) on: NaiveDate,
    /// The doses of it, by their days.
    pub(super) doses: Vec<&'a Dose<'a>>,
    /// Doses that count for places and are listed elsewhere.
    pub(super) silent: Vec<usize>,
    /// Nothing of it is planned before this day.
    pub(super) not_before: Option<NaiveDate>,
}

/// How far a series has come.
#[derive(Default)]
pub(super) struct Come {
    next: usize,
    first: Option<NaiveDate>,
    second: Option<NaiveDate>,
    previous: Option<NaiveDate>,
    /// The last dose that does not count; what follows keeps its distance all the same.
    uncounted: Option<NaiveDate>,
    /// Places of the course were left out.
    cut: bool,
    /// The last dose cannot be compared by days.
    undated: bool,
}

impl Series<'_> {
    /// Every line of the series.
    pub(super) fn lines(&self, injected: &mut Live) -> Vec<PlannedDose> {
        let course = self.course();
        let mut lines = Vec::new();
        let mut come = self.given(&course, injected, &mut lines);
        self.open(&course, &mut come, injected, &mut lines);
        lines
    }

    /// The places of the course that fits what was given, or what is begun today.
    pub(super) fn course(&self) -> Vec<&'static Place> {
        let all: Vec<&'static Place> = places(self.vaccine).collect();
        let counted = |dose: &&&Dose<'_>| all.first().is_none_or(|place| !self.is_uncounted(place, dose));
        let first = self.doses.iter().find(counted).and_then(|dose| dose.latest);
        let opens = all.first().map_or(self.born, |place| place.window.days(self.born).0);
        let start = first.unwrap_or_else(|| self.on.max(opens));
        let fits = |condition: Condition| match condition {
            Condition::Always => true,
            Condition::StartBy(age) => start <= age.day(self.born),
            Condition::Product(kind) => {
                !self.doses.is_empty() && self.doses.iter().all(|dose| product::rotavirus(&dose.given.product) == Some(kind))
            }
            Condition::HpvTwo => product::hpv_in_two(self.born, self.on, &self.doses),
        };
        let chosen = all.iter().map(|place| place.course).find(|condition| fits(*condition));
        all.into_iter().filter(|place| Some(place.course) == chosen).collect()
    }

    fn is_uncounted(&self, place: &Place, dose: &Dose<'_>) -> bool {
        let (from, _) = place.window.days(self.born);
        COUNT_FROM_THE_LAWFUL_AGE.contains(&self.vaccine) && dose.latest.is_some_and(|day| day < from)
    }

    /// The last subsidised day of a place, and the rule that makes it later.
    fn last(&self, place: &Place) -> (NaiveDate, Option<&'static str>) {
        let days: Vec<NaiveDate> = self.doses.iter().filter_map(|dose| dose.latest).collect();
        let (_, last) = place.window.days(self.born);
        match Extension::of(self.vaccine, place.stage, self.born, &days) {
            Some((rule, longer)) if longer > last => (longer, Some(rule.id)),
            _ => (last, None),
        }
    }

    fn is_closed(&self, place: &Place, day: NaiveDate, come: &Come) -> bool {
        self.last(place).0 < day || self.is_cut(place, day, come)
    }

    /// Whether the course does without a place on a day.
    fn is_cut(&self, place: &Place, day: NaiveDate, come: &Come) -> bool {
        let is_past = |age: Option<Age>, day: Option<NaiveDate>| age.zip(day).is_some_and(|(age, day)| day > age.day(self.born));
        is_past(place.by, Some(day)) || is_past(place.second_by, come.second)
    }

    fn given(&self, course: &[&'static Place], injected: &Live, lines: &mut Vec<PlannedDose>) -> Come {
        let mut come = Come::default();
        for dose in &self.doses {
            let listed = !self.silent.contains(&dose.at);
            let (Some(day), earliest_day) = (dose.latest, dose.first) else {
                Self::undated(course, dose, &mut come, lines);
                continue;
            };
            if come.previous == Some(day) && earliest_day == Some(day) && !self.silent.contains(&dose.at) && come.next > 0 {
                let mut line = Self::line_of(dose, number(come.next - 1), DoseStatus::TooEarly, course.first());
                line.note("twice-a-day");
                lines.push(line);
                continue;
            }
            let before = come.next;
            self.move_on(course, dose, day, &mut come);
            self.left_behind(course, before, &mut come, dose, lines);
            let Some(place) = course.get(come.next) else {
                if listed {
                    let extra = PlannedDose::new(dose.given.vaccine, number(come.next), DoseStatus::Done, rule("extra"));
                    lines.push(PlannedDose { given_on: dose.given.day, source: Some(dose.at), ..extra });
                }
                come.next += 1;
                come.previous = Some(day);
                continue;
            };
            let earliest = self.earliest(place, &come);
            let uncounted = self.is_uncounted(place, dose);
            let is_near_live = is_live(dose.given.vaccine, &dose.given.product) && injected.too_near(dose.given.vaccine, day);
            let is_short = uncounted || is_near_live || day < earliest;
            let status = if is_short { DoseStatus::TooEarly } else { DoseStatus::Done };
            let mut line = Self::line_of(dose, number(come.next), status, Some(place));
            (line.earliest, line.last_subsidised) = (Some(earliest), Some(self.last(place).0));
            if is_short {
                line.note("ask-town");
            }
            if is_near_live {
                line.note("live-27");
            }
            if uncounted {
                line.note("not-counted");
            }
            if self.last(place).0 < day {
                line.note("outside");
            }
            if earliest_day != Some(day) {
                line.note("day-unknown");
            }
            if listed {
                lines.push(line);
            }
            if uncounted {
                come.uncounted = Some(day);
            } else {
                come.take(Some(day));
            }
        }
        come
    }

    fn undated(course: &[&'static Place], dose: &Dose<'_>, come: &mut Come, lines: &mut Vec<PlannedDose>) {
        let mut line = Self::line_of(dose, number(come.next), DoseStatus::Done, course.get(come.next));
        line.note("day-unknown");
        lines.push(line);
        come.take(None);
    }

    /// A given dose's line.
    fn line_of(dose: &Dose<'_>, number: u32, status: DoseStatus, place: Option<&&'static Place>) -> PlannedDose {
        let rule = place.map_or_else(|| rule("extra"), |place| place.rule);
        let line = PlannedDose::new(dose.given.vaccine, number, status, rule);
        let stage = place.and_then(|place| place.stage).map(str::to_owned);
        PlannedDose { stage, given_on: dose.given.day, source: Some(dose.at), ..line }
    }

    /// Goes on to the place that a dose of this day takes: by what its record says, and past places that were closed then.
    fn move_on(&self, course: &[&'static Place], dose: &Dose<'_>, day: NaiveDate, come: &mut Come) {
        if let Some(told) = dose.told_place(course).filter(|told| *told > come.next) {
            come.next = told;
        }
        while let (Some(place), Some(following)) = (course.get(come.next), course.get(come.next + 1)) {
            // A later dose can only be meant where its own days have begun.
            if !self.is_closed(place, day, come) || following.window.days(self.born).0 > day {
                break;
            }
            come.cut |= self.is_cut(place, day, come);
            come.next += 1;
        }
    }

    /// Lines for the places between the last dose and this one.
    fn left_behind(&self, course: &[&'static Place], before: usize, come: &mut Come, dose: &Dose<'_>, lines: &mut Vec<PlannedDose>) {
        let told = dose.told_place(course) == Some(come.next);
        for at in before..come.next {
            let Some(place) = course.get(at) else { continue };
            let day = dose.latest.unwrap_or(self.on);
            let (status, id) = if self.is_cut(place, day, come) {
                (DoseStatus::NotNeeded, cut_rule(self.vaccine))
            } else if told && !self.is_closed(place, day, come) {
                (DoseStatus::Done, "told-number")
            } else {
                (DoseStatus::NotSubsidised, place.rule.id)
            };
            let mut line = PlannedDose::new(self.vaccine, number(at), status, place.rule);
            line.stage = place.stage.map(str::to_owned);
            line.note(id);
            if status == DoseStatus::NotSubsidised {
                line.last_subsidised = Some(self.last(place).0);
            }
            come.undated |= status == DoseStatus::Done;
            lines.push(line);
        }
    }

    /// The first lawful day of the next dose.
    fn earliest(&self, place: &Place, come: &Come) -> NaiveDate {
        let (opens, _) = place.window.days(self.born);
        let behind = come.previous.map_or(opens, |previous| plus_days(previous, 1));
        let gap = match (place.after, come.cut.then_some(place.after_cut).flatten()) {
            (_, Some(cut)) => come.previous.map(|day| cut.after(day)),
            (Some((From::Previous, gap)), None) => come.previous.map(|day| gap.after(day)),
            (Some((From::First, gap)), None) => come.first.map(|day| gap.after(day)),
            (None, None) => None,
        };
        let behind_uncounted = come.uncounted.map_or(opens, |day| LIVE_GAP.after(day));
        gap.map_or(behind, |day| day.max(behind)).max(opens).max(behind_uncounted)
    }

    fn open(&self, course: &[&'static Place], come: &mut Come, injected: &mut Live, lines: &mut Vec<PlannedDose>) {
        let is_live = is_live(self.vaccine, "");
        let mut is_broken = false;
        for (at, place) in course.iter().enumerate().skip(come.next) {
            let mut line = PlannedDose::new(self.vaccine, number(at), DoseStatus::Upcoming, place.rule);
            line.stage = place.stage.map(str::to_owned);
            let mut earliest = self.earliest(place, come);
            if let Some(not_before) = self.not_before {
                earliest = earliest.max(not_before);
            }
            if self.is_cut(place, earliest.max(self.on), come) && !self.is_closed_now(place) {
                line.status = DoseStatus::NotNeeded;
                line.note(cut_rule(self.vaccine));
                come.cut = true;
                lines.push(line);
                continue;
            }
            if place.after.is_some_and(|(_, gap)| come.previous.is_some_and(|day| gap.is_cut(day))) {
                line.note("month-end");
            }
            let free = injected.free_from(self.vaccine, earliest);
            if is_live && free > earliest && free > self.on {
                earliest = free;
                line.note("live-27");
            }
            let (last, extension) = self.last(place);
            let (from, to) = self.recommended(place, come, earliest);
            let ordinary_end = place.window.days(self.born).1;
            line.earliest = Some(earliest);
            line.last_subsidised = Some(last);
            line.recommended_from = Some(from).filter(|from| *from <= last);
            line.recommended_to =
                to.or_else(|| place.standard.is_none().then_some(ordinary_end)).map(|to| to.min(last)).filter(|to| *to >= from);
            if let Some(id) = extension.filter(|_| self.on > ordinary_end || earliest > ordinary_end) {
                line.note(id);
            }
            let is_late_start = at == 0 && BEGUN_IN_THE_FIRST_YEAR.contains(&self.vaccine) && self.on <= ORDINARY_START.day(self.born);
            line.status = if last < self.on {
                DoseStatus::NotSubsidised
            } else if earliest > last {
                line.note("no-time-left");
                DoseStatus::NotSubsidised
            } else if self.on < earliest {
                DoseStatus::Upcoming
            } else if is_late_start || self.on <= to.unwrap_or(ordinary_end).min(last) {
                DoseStatus::Due
            } else {
                DoseStatus::Overdue
            };
            self.product_note(place, come, &mut line);
            if line.status.is_open() {
                let wanted = earliest.max(from).max(self.on).min(last).max(earliest);
                line.planned_for = if is_live { injected.fit(self.vaccine, earliest.max(self.on), wanted, last) } else { Some(wanted) };
                if is_live {
                    line.note("live-27");
                    injected.take(self.vaccine, line.planned_for);
                }
                come.take(line.planned_for.or(Some(last)));
            } else {
                // Behind a dose that cannot be given any more there are no days to tell.
                if is_broken {
                    (line.earliest, line.recommended_from, line.recommended_to) = (None, None, None);
                }
                is_broken = true;
                // It holds nothing behind it back.
                come.next += 1;
            }
            lines.push(line);
        }
    }

    fn is_closed_now(&self, place: &Place) -> bool {
        self.last(place).0 < self.on
    }

    /// The recommended days, which begin no earlier than is lawful; no end where the standard is past.
    fn recommended(&self, place: &Place, come: &Come, earliest: NaiveDate) -> (NaiveDate, Option<NaiveDate>) {
        let standard = place.standard.map(|standard| standard.days(self.born));
        let base = |from: From| match from {
            From::Previous => come.previous,
            From::First => come.first,
        };
        let gap = place.gap.and_then(|(from, low, high)| base(from).map(|day| (low.after(day), high.map(|high| high.after(day)))));
        let from = [standard.map(|(from, _)| from), gap.map(|(from, _)| from)].into_iter().flatten().fold(earliest, NaiveDate::max);
        let ends = [gap.and_then(|(_, to)| to), standard.map(|(_, to)| to)];
        (from, ends.into_iter().flatten().find(|to| *to >= from))
    }

    fn product_note(&self, place: &Place, come: &Come, line: &mut PlannedDose) {
        let is_begun = come.next > 0 || !self.doses.is_empty();
        if place.rule.id == "hpv-three" && is_begun && self.doses.iter().any(|dose| product::hpv_unknown(dose)) {
            line.note("hpv-unknown");
        }
        if come.undated {
            line.note("day-unknown");
        }
    }
}

impl Come {
    fn take(&mut self, day: Option<NaiveDate>) {
        match self.next {
            0 => self.first = day,
            1 => self.second = day,
            _ => {}
        }
        self.undated = day.is_none();
        self.previous = day.or(self.previous);
        self.next += 1;
    }
}

fn cut_rule(vaccine: &str) -> &'static str {
    match vaccine {
        "hib" => "hib-cut",
        _ => "pcv-cut",
    }
}

/// The dose's number in the course, from 1.
fn number(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX).saturating_add(1)
}
