//! The arithmetic: a skewed distribution by L, M and S, the share of a normal one below a score, a line between points.
//!
//! Binary floating point serves here: what comes out is a place among children, never a measured value.

/// L, M and S of an age.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Lms {
    pub(super) skew: f64,
    pub(super) median: f64,
    pub(super) spread: f64,
}

impl Lms {
    /// The score of a value (spec §6.2). `outer` follows WHO beyond three deviations, where the formula bends too much:
    /// from there on the distance between the second and the third counts (WHO 2006, §5.2).
    pub(super) fn score(self, value: f64, outer: bool) -> f64 {
        let z = if self.skew.abs() < 1e-9 {
            (value / self.median).ln() / self.spread
        } else {
            ((value / self.median).powf(self.skew) - 1.0) / (self.skew * self.spread)
        };
        if !outer || z.abs() <= 3.0 {
            return z;
        }
        let (second, third) = (self.value(2.0_f64.copysign(z)), self.value(3.0_f64.copysign(z)));
        3.0_f64.copysign(z) + (value - third) / (third - second).abs()
    }

    /// The value at a score.
    pub(super) fn value(self, z: f64) -> f64 {
        if self.skew.abs() < 1e-9 {
            self.median * (self.spread * z).exp()
        } else {
            self.median * (self.skew * self.spread).mul_add(z, 1.0).powf(self.skew.recip())
        }
    }

    /// Between two ages.
    pub(super) fn toward(self, other: Self, share: f64) -> Self {
        Self {
            skew: toward(self.skew, other.skew, share),
            median: toward(self.median, other.median, share),
            spread: toward(self.spread, other.spread, share),
        }
    }
}

/// So far on the way from one number to another.
pub(super) fn toward(from: f64, to: f64, share: f64) -> f64 {
    (to - from).mul_add(share, from)
}

/// What stands at `at` on the line through the points, whose places rise; the first or last where `at` is outside.
pub(super) fn between(places: &[f64], heights: &[f64], at: f64) -> f64 {
    let pairs = places.windows(2).zip(heights.windows(2));
    for (places, heights) in pairs {
        if let ([from, to], [low, high]) = (places, heights)
            && at <= *to
        {
            return toward(*low, *high, ((at - from) / (to - from)).clamp(0.0, 1.0));
        }
    }
    heights.last().copied().unwrap_or(0.0)
}

/// Of a normal distribution the share below a score, exact to nine digits for scores to ±3: the series of its density,
/// φ(z)·(z + z³/3 + z⁵/15 + …).
pub(super) fn share_below(z: f64) -> f64 {
    let (mut term, mut sum, mut odd) = (z, z, 1.0);
    while term.abs() > 1e-12 && odd < 99.0 {
        odd += 2.0;
        term *= z * z / odd;
        sum += term;
    }
    let density = (-z * z / 2.0).exp() / (2.0 * std::f64::consts::PI).sqrt();
    density.mul_add(sum, 0.5)
}
