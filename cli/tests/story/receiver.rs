//! The page that reads codes at a clinic, in headless Chromium: by pictures and by the camera, with codes that the program made.

use std::{
    fs,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use image::{GrayImage, imageops};
use techo_portal_standin::{Chromium, is_browser_to_be_had, keep_picture};

use crate::qr::{codes, with_medicines};

const PATIENCE: Duration = Duration::from_mins(1);

/// The page, as `cargo xtask receiver` makes it; none where it could not be made, which was said then.
fn page() -> Option<PathBuf> {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/receiver/techo-receiver.html");
    let is_there = page.is_file();
    assert!(is_there || std::env::var("CI").is_err(), "in CI the receiver page must be made");
    is_there.then(|| page.canonicalize().unwrap())
}

/// A film of the codes, each for half a second, as a camera of 720 lines sees them: Y4M.
fn film(files: &[PathBuf], out: &Path) {
    let (width, height, seconds) = (1280_u32, 720_u32, 15);
    let mut bytes = format!("YUV4MPEG2 W{width} H{height} F{seconds}:1 Ip A1:1 C420jpeg\n").into_bytes();
    for file in files {
        let code = image::open(file).unwrap().to_luma8();
        let mut frame = GrayImage::from_pixel(width, height, image::Luma([170]));
        imageops::overlay(&mut frame, &imageops::resize(&code, 640, 640, imageops::FilterType::Triangle), 320, 40);
        for _ in 0..seconds / 2 {
            bytes.extend(b"FRAME\n");
            bytes.extend(frame.as_raw());
            bytes.extend(vec![128; (width * height / 2) as usize]);
        }
    }
    fs::write(out, bytes).unwrap();
}

/// A code of somebody else.
fn drawn(content: &[u8]) -> GrayImage {
    let code = techo_core::formats::qr::squares(content).unwrap();
    let dark: Vec<Vec<bool>> = code.rows().map(<[bool]>::to_vec).collect();
    let side = u32::try_from(code.side()).unwrap() + 8;
    let is_dark = |x: u32, y: u32| {
        let (x, y) = ((x / 8).checked_sub(4)?, (y / 8).checked_sub(4)?);
        dark.get(y as usize)?.get(x as usize).copied()
    };
    GrayImage::from_fn(side * 8, side * 8, |x, y| image::Luma([if is_dark(x, y) == Some(true) { 0 } else { 255 }]))
}

async fn until(browser: &Chromium, selector: &str, words: &str) -> String {
    let began = Instant::now();
    loop {
        let text = browser.text(selector).await.unwrap();
        if text.contains(words) || began.elapsed() > PATIENCE {
            return text;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

#[tokio::test]
async fn pictures_of_codes_become_a_table_and_foreign_codes_are_named() {
    if !is_browser_to_be_had("pictures_of_codes_become_a_table").unwrap() {
        return;
    }
    let Some(page) = page() else { return };
    let giver = with_medicines();
    let (_, summary) = codes(&giver, "ips", "ips");
    let (_, notebook) = codes(&giver, "jahis", "jahis");
    let browser = Chromium::start(&[]).await.unwrap();
    browser.open(&format!("file://{}", page.display())).await.unwrap();
    keep_picture("receiver-empty", &browser.picture().await.unwrap());

    // One is missing: it says which, and shows nothing yet.
    browser.choose("#pictures", &notebook[1..]).await.unwrap();
    let said = until(&browser, "#said", &format!("{} / {}", notebook.len() - 1, notebook.len())).await;
    assert!(said.contains(&format!("{} / {}", notebook.len() - 1, notebook.len())), "{said}");
    keep_picture("receiver-missing", &browser.picture().await.unwrap());
    assert_eq!(browser.text("#rows").await.unwrap(), "");
    // A code of another set is not mixed in.
    browser.choose("#pictures", &summary[..1]).await.unwrap();
    assert!(until(&browser, "#said", "ほかの人").await.contains("ほかの人"));
    // Again and the missing one: whole.
    browser.choose("#pictures", &[notebook[1].clone(), notebook[0].clone()]).await.unwrap();
    until(&browser, "#said", "受け取りました").await;
    let rows = browser.text("#rows").await.unwrap();
    assert!((1..=12).all(|day| rows.contains(&format!("見本の錠剤{day}mg"))), "{rows}");
    assert!(rows.contains("1日3回毎食後") || rows.contains("１日３回毎食後"), "{rows}");
    assert!(browser.text("#person").await.unwrap().contains("手帳 花子"));
    assert!(browser.text(".caution").await.unwrap().contains("すべての記録ではなく"));
    keep_picture("receiver-notebook", &browser.picture().await.unwrap());

    browser.press("#clear").await.unwrap();
    assert_eq!(browser.text("#places").await.unwrap(), "");
    browser.choose("#pictures", &summary).await.unwrap();
    until(&browser, "#said", "受け取りました").await;
    let rows = browser.text("#rows").await.unwrap();
    assert!(rows.contains("見本の錠剤1mg") && rows.contains("Medicines"), "{rows}");
    keep_picture("receiver-summary", &browser.picture().await.unwrap());

    browser.press("#clear").await.unwrap();
    let foreign = giver.path("foreign.png");
    drawn(b"https://example.org/").save(&foreign).unwrap();
    browser.choose("#pictures", &[foreign]).await.unwrap();
    assert!(until(&browser, "#said", "手帳のコードでも").await.contains("手帳のコードでも"));
}

#[tokio::test]
async fn the_camera_reads_codes_that_are_shown_in_turn() {
    if !is_browser_to_be_had("the_camera_reads_codes_that_are_shown_in_turn").unwrap() {
        return;
    }
    let Some(page) = page() else { return };
    let giver = with_medicines();
    let (_, files) = codes(&giver, "ips", "ips");
    let filmed = giver.path("film.y4m");
    film(&files, &filmed);
    let browser = Chromium::start_with(&[], Some(&filmed)).await.unwrap();
    browser.open(&format!("file://{}", page.display())).await.unwrap();
    browser.press("#camera").await.unwrap();
    let said = until(&browser, "#said", "受け取りました").await;
    keep_picture("receiver-camera", &browser.picture().await.unwrap());
    assert!(said.contains("受け取りました"), "{said}");
    assert!(browser.text("#rows").await.unwrap().contains("見本の錠剤12mg"));
}
