//! The people of the stand-in, each with a card (見本カード). All are invented; nobody real has these names and dates.

/// A stand-in for a My Number card. Every card's PIN is [`PIN`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Card {
    /// 手帳 花子, woman, born 1972-04-15. Registered 代理人 of 一郎.
    Hanako,
    /// 手帳 一郎, man, born 1970-11-02.
    Ichiro,
    /// 手帳 太郎, boy, born 2019-06-20: his parents use his card.
    Taro,
    /// 手帳 双葉, girl, born 2021-05-05, twin of 若葉.
    Futaba,
    /// 手帳 若葉, girl, born 2021-05-05, twin of 双葉.
    Wakaba,
    /// 見本 次郎, man, born 1985-07-07: a stranger.
    Jiro,
}

/// The four digits of every card.
pub const PIN: &str = "1234";

/// 性別, with the numbers that the answers use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sex {
    /// 男, `1`
    Male,
    /// 女, `2`
    Female,
}

impl Sex {
    /// `"1"` or `"2"`.
    pub const fn digit(self) -> &'static str {
        match self {
            Self::Male => "1",
            Self::Female => "2",
        }
    }

    /// `"男"` or `"女"`.
    pub const fn japanese(self) -> &'static str {
        match self {
            Self::Male => "男",
            Self::Female => "女",
        }
    }
}

/// Who a card belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Person {
    /// Name in kanji, family name first.
    pub name: &'static str,
    /// Name in katakana.
    pub kana: &'static str,
    /// Date of birth, `YYYYMMDD`.
    pub birth: &'static str,
    /// 性別
    pub sex: Sex,
}

impl Person {
    /// Date of birth with dashes, `YYYY-MM-DD`.
    pub fn birth_dashed(&self) -> String {
        let part = |range: std::ops::Range<usize>| self.birth.get(range).unwrap_or_default();
        format!("{}-{}-{}", part(0..4), part(4..6), part(6..8))
    }
}

impl Card {
    /// All of them, in the order in which the pages show them.
    pub const ALL: [Self; 6] = [Self::Hanako, Self::Ichiro, Self::Taro, Self::Futaba, Self::Wakaba, Self::Jiro];

    /// The id in forms and on the command line.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Hanako => "hanako",
            Self::Ichiro => "ichiro",
            Self::Taro => "taro",
            Self::Futaba => "futaba",
            Self::Wakaba => "wakaba",
            Self::Jiro => "jiro",
        }
    }

    /// The card of this id.
    pub fn of_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|card| card.id() == id)
    }

    /// Who it belongs to.
    pub const fn person(self) -> Person {
        let (name, kana, birth, sex) = match self {
            Self::Hanako => ("手帳 花子", "テチョウ ハナコ", "19720415", Sex::Female),
            Self::Ichiro => ("手帳 一郎", "テチョウ イチロウ", "19701102", Sex::Male),
            Self::Taro => ("手帳 太郎", "テチョウ タロウ", "20190620", Sex::Male),
            Self::Futaba => ("手帳 双葉", "テチョウ フタバ", "20210505", Sex::Female),
            Self::Wakaba => ("手帳 若葉", "テチョウ ワカバ", "20210505", Sex::Female),
            Self::Jiro => ("見本 次郎", "ミホン ジロウ", "19850707", Sex::Male),
        };
        Person { name, kana, birth, sex }
    }

    /// Whose registered 代理人 (proxy) this person is: their 委任者.
    pub const fn proxy_for(self) -> &'static [Self] {
        match self {
            Self::Hanako => &[Self::Ichiro],
            _ => &[],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_card_is_found_by_its_id_and_the_twins_differ_in_their_name_only() {
        for card in Card::ALL {
            assert_eq!(Card::of_id(card.id()), Some(card));
        }
        let (one, other) = (Card::Futaba.person(), Card::Wakaba.person());
        assert_eq!((one.birth, one.sex), (other.birth, other.sex));
        assert_ne!(one.name, other.name);
    }
}
