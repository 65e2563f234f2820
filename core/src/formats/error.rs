//! Why a file or an entry was not taken. Every message names the place and what to do; none carries a value.

/// Why a file or an entry of it was not taken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FormatError {
    /// There is nothing in it.
    #[error("the file is empty")]
    Empty,
    /// It is larger, deeper or longer than any real document.
    #[error("beyond the limit for {what} at {place}")]
    Limit {
        /// Which limit: `"size"`, `"nesting"`, `"entries"`, `"ratio"`, `"nodes"`, `"records"`, `"pixels"`.
        what: &'static str,
        /// Where.
        place: String,
    },
    /// We know what it is, and do not read it.
    #[error("this is {}", .0.english())]
    NotRead(Unread),
    /// It is of a format we read, but broken.
    #[error("{} at {place}", .fault.english())]
    Malformed {
        /// Where: a line, a position or a path, without any value in it.
        place: String,
        /// What is wrong.
        fault: Fault,
    },
    /// It carries a 個人番号 (My Number), which is never taken in.
    #[error("an Individual Number (My Number) is labelled at {place}; it must be removed at the source, nothing was kept")]
    MyNumber {
        /// Where.
        place: String,
    },
    /// It asks to delete an earlier report (特定健診 kinds 19, 49, 69, 79, 89); it is no checkup.
    #[error("a request to delete an earlier report (kind {code}), not a checkup")]
    DeletionRequest {
        /// The report kind.
        code: String,
    },
    /// It is no data but the source's word that it has none to give.
    #[error("the source answered without data (result code {})", .code.as_deref().unwrap_or("not given"))]
    NoAnswer {
        /// The result code, where it looks like one. The words that come with it may hold anything and are left.
        code: Option<String>,
    },
    /// Its signature does not fit: the content was changed or the key is another.
    #[error("the signature does not fit the content at {place}")]
    BadSignature {
        /// Where.
        place: String,
    },
}

impl FormatError {
    /// The same error of something that stands at `place` in a larger document.
    #[must_use]
    pub fn below(self, above: &str) -> Self {
        let longer = |place: String| format!("{above}/{place}");
        match self {
            Self::Limit { what, place } => Self::Limit { what, place: longer(place) },
            Self::Malformed { place, fault } => Self::Malformed { place: longer(place), fault },
            Self::MyNumber { place } => Self::MyNumber { place: longer(place) },
            Self::BadSignature { place } => Self::BadSignature { place: longer(place) },
            same @ (Self::Empty | Self::NotRead(_) | Self::DeletionRequest { .. } | Self::NoAnswer { .. }) => same,
        }
    }

    /// Where in the document, without any value in it; none where it is the document as a whole.
    pub fn place(&self) -> Option<&str> {
        match self {
            Self::Limit { place, .. } | Self::Malformed { place, .. } | Self::MyNumber { place } | Self::BadSignature { place } => {
                Some(place)
            }
            Self::Empty | Self::NotRead(_) | Self::DeletionRequest { .. } | Self::NoAnswer { .. } => None,
        }
    }
}

/// What is wrong with a broken document or entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Fault {
    /// The markup or syntax is broken.
    Syntax,
    /// It ends in the middle.
    Truncated,
    /// Something required is missing.
    Missing,
    /// A value is not of the required type.
    Type,
    /// A date is no date.
    Date,
    /// A number is no number.
    Number,
    /// A code is not in the list of the specification.
    Code,
    /// A DTD or an external entity, which are never followed.
    Doctype,
    /// The characters are in no encoding we know.
    Encoding,
    /// Parts of different sets or for different people.
    Mixed,
    /// It stands where it cannot stand.
    Order,
    /// A path in the container leads outside.
    Traversal,
    /// It is locked with a password.
    Encrypted,
    /// A program inside of a document.
    Script,
    /// It calls another program, file or site.
    Launch,
    /// Another file is embedded.
    Embedded,
    /// Something happens by itself when it is opened.
    Automatic,
    /// A form that acts by itself (XFA).
    ActiveForm,
    /// Film, sound or 3D that acts by itself.
    RichMedia,
    /// A part that nobody can look into.
    Hidden,
}

impl Fault {
    /// What a person reads, in English.
    pub const fn english(self) -> &'static str {
        match self {
            Self::Syntax => "broken syntax",
            Self::Truncated => "the end is missing",
            Self::Missing => "something required is missing",
            Self::Type => "a value of the wrong type",
            Self::Date => "not a date",
            Self::Number => "not a number",
            Self::Code => "a code that is not in the specification",
            Self::Doctype => "a document type declaration or external entity, which is never followed,",
            Self::Encoding => "characters in an unknown encoding",
            Self::Mixed => "parts that do not belong together",
            Self::Order => "out of order",
            Self::Traversal => "a path that leads outside the container",
            Self::Encrypted => "locked with a password; unlock it first,",
            Self::Script => "a program (script), which no document of health needs,",
            Self::Launch => "an order to call another program, file or site",
            Self::Embedded => "another file is embedded",
            Self::Automatic => "something that happens by itself when the document is opened",
            Self::ActiveForm => "a form that acts by itself (XFA)",
            Self::RichMedia => "film, sound or 3D that acts by itself",
            Self::Hidden => "a part that cannot be looked into",
        }
    }

    /// What a person reads, in Japanese.
    pub const fn japanese(self) -> &'static str {
        match self {
            Self::Syntax => "構文が壊れています",
            Self::Truncated => "途中で切れています",
            Self::Missing => "必要なものがありません",
            Self::Type => "値の型が違います",
            Self::Date => "日付ではありません",
            Self::Number => "数値ではありません",
            Self::Code => "仕様にないコードです",
            Self::Doctype => "文書型宣言または外部実体があります(たどりません)",
            Self::Encoding => "文字コードが分かりません",
            Self::Mixed => "組になっていない部分です",
            Self::Order => "順序が違います",
            Self::Traversal => "入れ物の外を指すパスです",
            Self::Encrypted => "パスワードがかかっています。先に解除してください",
            Self::Script => "プログラム(スクリプト)が入っています。健康の書類には要らないものです",
            Self::Launch => "ほかのプログラム・ファイル・サイトを呼び出す指示が入っています",
            Self::Embedded => "別のファイルが埋め込まれています",
            Self::Automatic => "開くとひとりでに動く指示が入っています",
            Self::ActiveForm => "ひとりでに動く入力フォーム(XFA)が入っています",
            Self::RichMedia => "ひとりでに動く動画・音声・3Dが入っています",
            Self::Hidden => "中を確かめられない部分があります",
        }
    }
}

/// Files that we recognise and do not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Unread {
    /// JAHIS 院外処方箋 QR.
    JahisPrescription,
    /// A settlement, guidance or summary file of the checkup archive.
    CheckupClaims,
    /// The content of a SMART Health Card without the issuer's signature.
    UnsignedCard,
    /// A SMART Health Link; it must be opened on the network.
    HealthLink,
    /// FHIR of another release or in XML.
    OtherFhir,
    /// A PDF inside of something.
    Pdf,
    /// An SVG drawing: it can carry programs.
    Svg,
    /// A picture of a kind that is not opened.
    Picture,
    /// A picture without a QR code that can be read.
    NoQr,
    /// An HTML page.
    Html,
    /// A CDA document other than 特定健診.
    OtherCda,
    /// XML of some other kind.
    OtherXml,
    /// JSON of some other kind.
    OtherJson,
    /// A ZIP without any document we read.
    OtherZip,
    /// Measurements in a container or a split document, where they cannot be read.
    Series,
    /// A table of measurements: somebody has to say which column is what.
    MeasurementTable,
    /// A Techo archive: it is imported as a whole, not as a document.
    TechoArchive,
    /// An entry of somebody's notebook by itself: it comes in with the archive of its notebook only.
    TechoEntry,
    /// Text of some other kind.
    OtherText,
    /// Bytes of some other kind.
    Unknown,
}

impl Unread {
    /// What a person reads, in English; completes "this is …".
    pub const fn english(self) -> &'static str {
        match self {
            Self::JahisPrescription => {
                "a prescription QR for a pharmacy (JAHIS 院外処方箋), not a medicine notebook; hand it to the pharmacy and import the notebook QR you get with the medicines"
            }
            Self::CheckupClaims => {
                "a settlement or guidance file of a checkup archive, not a result; import the DATA/h*.xml files or the whole ZIP"
            }
            Self::UnsignedCard => "the content of a SMART Health Card without its signature; import the signed card or its QR text",
            Self::HealthLink => "a SMART Health Link, which points to files on the network; open it and import what it holds",
            Self::OtherFhir => "FHIR of another release or form; ask for FHIR R4 JSON",
            Self::Pdf => "a PDF inside of another file; take it out and import it by itself",
            Self::Svg => "an SVG drawing, which can carry programs; save it as PNG, or take a picture of it",
            Self::Picture => "a picture of a kind that is not opened; save it as PNG or JPEG, or import the text of its QR code",
            Self::NoQr => {
                "a picture without a QR code that can be read; take it again in good light, from the front, with all of the code in it, or keep the picture as a document"
            }
            Self::Html => "a web page, which can carry programs; ask for the data file, or print the page as a PDF",
            Self::OtherCda => "a CDA document that is not a 特定健診 report",
            Self::OtherXml => "XML of a kind we do not know",
            Self::OtherJson => "JSON of a kind we do not know",
            Self::OtherZip => "a ZIP without any document we read",
            Self::Series => "a file of measurements, which is imported by itself; take it out of what it is in",
            Self::MeasurementTable => {
                "a table of measurements; say once which column is what (techo import --mapping), and the next one of the same device is read by itself"
            }
            Self::TechoArchive => "a Techo archive, which is imported as a whole",
            Self::TechoEntry => {
                "something that a person wrote in a Techo notebook; it comes in with that notebook's archive, and never by itself as if you had written it"
            }
            Self::OtherText => "text of a kind we do not know",
            Self::Unknown => "a file of a kind we do not know",
        }
    }

    /// What a person reads, in Japanese; a whole sentence.
    pub const fn japanese(self) -> &'static str {
        match self {
            Self::JahisPrescription => {
                "院外処方箋のQR(JAHIS)です。お薬手帳ではありません。薬局に渡し、薬と一緒に受け取るお薬手帳のQRを取り込んでください"
            }
            Self::CheckupClaims => "健診の決済・保健指導のファイルで、健診結果ではありません。DATA/h*.xml かZIP全体を取り込んでください",
            Self::UnsignedCard => "SMART Health Cardの中身だけで、署名がありません。署名の付いたカードか、そのQRの文字を取り込んでください",
            Self::HealthLink => "SMART Health Link(ネット上のファイルを指すリンク)です。開いて中身を取り込んでください",
            Self::OtherFhir => "別の版または別の形のFHIRです。FHIR R4 JSONをもらってください",
            Self::Pdf => "別のファイルの中のPDFです。取り出して、PDFだけを取り込んでください",
            Self::Svg => "SVGの図です。プログラムを含むことができる形なので預かりません。PNGで保存しなおしてください",
            Self::Picture => "開けない種類の画像です。PNGかJPEGで保存しなおすか、QRコードの文字を取り込んでください",
            Self::NoQr => {
                "読めるQRコードのない画像です。明るいところで、QRコードの全体が入るように、正面から撮りなおすか、画像のまま書類として預けてください"
            }
            Self::Html => {
                "ウェブページです。プログラムを含むことができる形なので預かりません。データのファイルをもらうか、PDFで印刷してください"
            }
            Self::OtherCda => "特定健診ではないCDA文書です",
            Self::OtherXml => "知らない種類のXMLです",
            Self::OtherJson => "知らない種類のJSONです",
            Self::OtherZip => "読める文書のないZIPです",
            Self::Series => "測定値のファイルです。入れ物から取り出して、そのまま取り込んでください",
            Self::MeasurementTable => {
                "測定値の表です。どの列が何かを一度だけ確かめてください（techo import --mapping）。同じ機器の次のファイルからは自動で読みます"
            }
            Self::TechoArchive => "Techoアーカイブです。全体として取り込みます",
            Self::TechoEntry => {
                "だれかが手帳に書いた1件です。その手帳のアーカイブごと取り込んでください。1件だけを、あなたが書いたものとして取り込むことはできません"
            }
            Self::OtherText => "知らない種類の文字ファイルです",
            Self::Unknown => "知らない種類のファイルです",
        }
    }
}
