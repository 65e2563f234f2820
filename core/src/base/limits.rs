//! How much a document may hold before anybody parses it. Real files are far below; a bomb is far above.

/// Largest single document, in bytes. The largest real checkup file seen is below 200 kB; attachments fit too.
pub const DOCUMENT_BYTES: usize = 16 * 1024 * 1024;
/// Largest container (ZIP) taken in one go, in bytes.
pub const CONTAINER_BYTES: usize = 256 * 1024 * 1024;
/// Most entries a container may list.
pub const CONTAINER_ENTRIES: usize = 10_000;
/// Most unpacked bytes for one packed byte; DEFLATE of checkup XML reaches about 40.
pub const UNPACK_RATIO: u64 = 200;
/// Deepest nesting of XML elements or JSON values. Real documents stay below 40.
pub const NESTING: usize = 128;
/// Most XML nodes in one document.
pub const XML_NODES: u32 = 1_000_000;
/// Most facts one document may state.
pub const FACTS: usize = 60_000;
/// Most samples one file of measurements may state: some 110 MB while it is read, and forty years of a watch worn day and night.
pub const SAMPLES: u64 = 8_000_000;
/// Largest original of measurements that is kept, in bytes, as it came: an export of Apple Health as the phone packs it is below a tenth of it.
pub const SERIES_BYTES: u64 = 384 * 1024 * 1024;
/// Such an original is kept in parts of this many bytes, so that no more of it is ever in memory.
pub const SERIES_PART: usize = 8 * 1024 * 1024;
/// Largest picture that is looked at for QR codes, in bytes: a phone's photo at full size is below 20 MB.
pub const PICTURE_BYTES: usize = 32 * 1024 * 1024;
/// Most pixels of such a picture; phones take up to 50 million.
pub const PICTURE_PIXELS: u64 = 52_000_000;
