//! A picture as dark and light: what is darker than its neighbourhood is ink, so that a shadow across a photo is none. And a
//! count of what looks like the corner of a QR code, which is taken before the decoder sees anything.

use std::collections::BTreeSet;

use image::GrayImage;

/// Dark and light, row by row.
pub(super) struct Ink {
    pub(super) width: usize,
    pub(super) height: usize,
    dark: Vec<bool>,
}

impl Ink {
    /// Dark is what is a fifth darker than the mean of the square around it, a tenth of the picture wide. Smoothed, a pixel
    /// counts with its eight neighbours, which takes the grain out of a photo and blurs very small codes.
    pub(super) fn of(picture: &GrayImage, smoothed: bool) -> Option<Self> {
        let (width, height) = (usize::try_from(picture.width()).ok()?, usize::try_from(picture.height()).ok()?);
        let sums = sums(picture.as_raw(), width);
        let sum = |x: usize, y: usize| sums.get(y * (width + 1) + x).copied().unwrap_or_default();
        // The sum of the pixels at most `reach` away, and how many they are.
        let around = |x: usize, y: usize, reach: usize| {
            let (left, right) = (x.saturating_sub(reach), (x + reach + 1).min(width));
            let (top, bottom) = (y.saturating_sub(reach), (y + reach + 1).min(height));
            let total = sum(right, bottom) + sum(left, top) - sum(left, bottom) - sum(right, top);
            (total, ((right - left) * (bottom - top)) as u64)
        };
        let (near, far) = (usize::from(smoothed), (width.max(height) / 20).max(8));
        let mut dark = Vec::with_capacity(picture.as_raw().len());
        for y in 0..height {
            for x in 0..width {
                let ((own, of), (total, pixels)) = (around(x, y, near), around(x, y, far));
                dark.push(own * pixels * 5 < total * of * 4);
            }
        }
        Some(Self { width, height, dark })
    }

    pub(super) fn is_dark(&self, x: usize, y: usize) -> bool {
        x < self.width && self.dark.get(y * self.width + x).copied().unwrap_or_default()
    }

    /// Whether more than `most` places look like the corner of a code: along a row dark, light, three times as much dark,
    /// light, dark, where the outer two are one spot of ink and the middle is another that is a good third of it.
    pub(super) fn has_more_corners_than(&self, most: usize) -> bool {
        let spots = Spots::of(self);
        let mut rings: BTreeSet<usize> = BTreeSet::new();
        for y in 0..self.height {
            let mut runs = [0_usize; 5];
            let mut was_dark = false;
            for x in 0..=self.width {
                let is_dark = self.is_dark(x, y);
                if is_dark == was_dark {
                    if let Some(run) = runs.last_mut() {
                        *run += 1;
                    }
                    continue;
                }
                // A dark run has just ended: do the last five look like a corner?
                if was_dark && is_corner(&runs) {
                    let [_, _, core, light, edge] = runs;
                    let spot = |behind: usize| spots.at(y * self.width + x - behind);
                    let (ring, middle) = (spot(edge), spot(edge + light + core));
                    let share = spots.area(middle) * 100 / spots.area(ring).max(1);
                    if spot(runs.iter().sum()) == ring && middle != ring && (11..70).contains(&share) {
                        rings.insert(ring);
                        if rings.len() > most {
                            return true;
                        }
                    }
                }
                runs.rotate_left(1);
                if let Some(run) = runs.last_mut() {
                    *run = 1;
                }
                was_dark = is_dark;
            }
        }
        false
    }
}

/// Spots of ink: dark pixels that touch by an edge belong to one.
struct Spots {
    /// For each pixel another one of its spot, nearer to the spot's first.
    nearer: Vec<u32>,
    /// For the first pixel of each spot, how many pixels it has.
    areas: Vec<u32>,
}

impl Spots {
    fn of(ink: &Ink) -> Self {
        // A picture is looked at with less than 2³² pixels.
        let mut spots = Self { nearer: (0_u32..).take(ink.dark.len()).collect(), areas: vec![0; ink.dark.len()] };
        for y in 0..ink.height {
            for x in (0..ink.width).filter(|x| ink.is_dark(*x, y)) {
                let at = y * ink.width + x;
                if x > 0 && ink.is_dark(x - 1, y) {
                    spots.join(at, at - 1);
                }
                if y > 0 && ink.is_dark(x, y - 1) {
                    spots.join(at, at - ink.width);
                }
            }
        }
        for at in 0..ink.dark.len() {
            let first = spots.at(at);
            spots.lead(at, first);
            if let Some(area) = spots.areas.get_mut(first) {
                *area += 1;
            }
        }
        spots
    }

    /// The first pixel of the spot that this one belongs to.
    fn at(&self, mut pixel: usize) -> usize {
        while let Some(nearer) = self.nearer.get(pixel).and_then(|nearer| usize::try_from(*nearer).ok()).filter(|nearer| *nearer < pixel) {
            pixel = nearer;
        }
        pixel
    }

    fn join(&mut self, one: usize, other: usize) {
        let (of_one, of_other) = (self.at(one), self.at(other));
        let first = of_one.min(of_other);
        // All of them lead to the first now, so that the way there stays short.
        for pixel in [of_one.max(of_other), one, other] {
            self.lead(pixel, first);
        }
    }

    fn lead(&mut self, pixel: usize, to: usize) {
        if let (Some(nearer), Ok(to)) = (self.nearer.get_mut(pixel), u32::try_from(to)) {
            *nearer = to;
        }
    }

    fn area(&self, first: usize) -> u32 {
        self.areas.get(first).copied().unwrap_or_default()
    }
}

/// Dark, light, dark, light, dark, as 1 : 1 : 3 : 1 : 1, each to within three quarters of a module.
fn is_corner(runs: &[usize; 5]) -> bool {
    let [first, second, core, fourth, fifth] = *runs;
    // Four modules, so that nothing is rounded.
    let four = first + second + fourth + fifth;
    let is_about = |run: usize, modules: usize| (4 * run).abs_diff(modules * four) <= four * 3 / 4 + 4;
    [first, second, fourth, fifth].iter().all(|run| *run > 0 && is_about(*run, 1)) && is_about(core, 3)
}

/// Sums of all pixels above and to the left, one column and row wider than the picture.
fn sums(pixels: &[u8], width: usize) -> Vec<u64> {
    let mut sums = vec![0_u64; width + 1];
    sums.reserve(pixels.len() + pixels.len() / width.max(1));
    for row in pixels.chunks_exact(width.max(1)) {
        let above = sums.len() - (width + 1);
        let mut total = 0;
        sums.push(0);
        for (x, pixel) in row.iter().enumerate() {
            total += u64::from(*pixel);
            let over = sums.get(above + x + 1).copied().unwrap_or_default();
            sums.push(over + total);
        }
    }
    sums
}
