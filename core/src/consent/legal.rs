//! The texts that a person is asked to agree to before using the program. The texts themselves are `present`'s.

/// Which text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LegalKind {
    /// プライバシーポリシー What becomes of the person's data.
    Privacy,
    /// 利用規約 What the program is and is not.
    Terms,
    /// 問い合わせ先 Whom to turn to; nothing to agree to.
    Contact,
}

impl LegalKind {
    /// Every text.
    pub const ALL: [Self; 3] = [Self::Privacy, Self::Terms, Self::Contact];

    /// The public id.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Privacy => "privacy",
            Self::Terms => "terms",
            Self::Contact => "contact",
        }
    }

    /// Whether a person agrees to it.
    pub const fn is_agreed_to(self) -> bool {
        match self {
            Self::Privacy | Self::Terms => true,
            Self::Contact => false,
        }
    }

    /// The text of an id.
    pub fn read(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.id() == id)
    }
}
