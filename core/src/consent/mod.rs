//! Floor 2: what permission *is*. A request names whose data, who acts, what for, which items, who obtains them and how
//! long they are kept; the answer is given item by item; a grant is a value that is spent. Knows nobody who could carry
//! the question to the person, and nothing that could fetch.

mod cover;
mod grant;
mod id;
mod item;
mod legal;
mod request;

pub use cover::{Cover, NotOffered, Service};
pub use grant::{Answer, Answered, ConsentGrant, GRANT_MINUTES, Permitted, Receipt};
pub use id::ConsentId;
pub use item::{Item, Period, UnknownItem, Wish};
pub use legal::LegalKind;
pub use request::{Actor, BadRequest, Basis, ConsentRequest, Frame, Keeping, Operator, Purpose};
