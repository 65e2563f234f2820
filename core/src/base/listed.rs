//! Closed lists whose members have a public id and a name in both languages: kinds, items of a consent, reasons. Written
//! down once, so that no list forgets a member in one of its tables.

/// Makes an enum of a closed list: `Member = "id", "日本語", "English";`. The ids are public and never renamed.
macro_rules! closed_list {
    ($(#[$about:meta])* pub enum $list:ident { $($(#[$doc:meta])* $name:ident = $id:literal, $ja:literal, $en:literal;)* }) => {
        $(#[$about])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $list { $($(#[$doc])* $name,)* }

        impl $list {
            /// All there are, in the order of the list.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// The public id.
            pub const fn id(self) -> &'static str {
                match self { $(Self::$name => $id,)* }
            }

            /// What a person reads in Japanese.
            pub const fn japanese(self) -> &'static str {
                match self { $(Self::$name => $ja,)* }
            }

            /// What a person reads in English.
            pub const fn english(self) -> &'static str {
                match self { $(Self::$name => $en,)* }
            }
        }
    };
}

pub(crate) use closed_list;

#[cfg(test)]
mod tests {
    closed_list! {
        /// For this test.
        pub enum Sample {
            /// The one.
            One = "one", "ひとつ", "One";
            /// The other.
            Other = "other", "もうひとつ", "The other";
        }
    }

    #[test]
    fn every_member_has_its_id_and_both_names() {
        let all: Vec<_> = Sample::ALL.iter().map(|one| (one.id(), one.japanese(), one.english())).collect();
        assert_eq!(all, [("one", "ひとつ", "One"), ("other", "もうひとつ", "The other")]);
    }
}
