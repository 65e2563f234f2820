package jp.techo.notebook.app.ui

import androidx.compose.runtime.Composable
import androidx.compose.ui.res.stringResource
import jp.techo.core.ExportFormat
import jp.techo.core.LegalKind
import jp.techo.core.Sex
import jp.techo.core.SlotKind
import jp.techo.notebook.R
import jp.techo.notebook.presentation.Said
import jp.techo.notebook.presentation.Word

/** What is said, in the person's language. */
@Composable
internal fun Said.text(): String =
    when (this) {
        is Said.Core -> text
        is Said.Own -> detail?.let { stringResource(word.id(), it) } ?: stringResource(word.id())
    }

/** The resource of a presenter's own sentence. A test holds that both languages have it. */
internal fun Word.id(): Int =
    when (this) {
        Word.PICK_TOO_LARGE -> R.string.word_pick_too_large
        Word.PICK_TOO_LARGE_TODO -> R.string.word_pick_too_large_todo
        Word.PICK_NOT_READABLE -> R.string.word_pick_not_readable
        Word.PICK_NOT_READABLE_TODO -> R.string.word_pick_not_readable_todo
        Word.NO_ROOM -> R.string.word_no_room
        Word.NO_ROOM_TODO -> R.string.word_no_room_todo
        Word.NOTHING_ANSWERS -> R.string.word_nothing_answers
        Word.NOTHING_ANSWERS_TODO -> R.string.word_nothing_answers_todo
        Word.SAVE_FAILED -> R.string.word_save_failed
        Word.SAVE_FAILED_TODO -> R.string.word_save_failed_todo
        Word.LOCKED_OUT -> R.string.word_locked_out
        Word.LOCKED_OUT_TODO -> R.string.word_locked_out_todo
        Word.DEVICE_KEY_AWAY -> R.string.word_device_key_away
        Word.DEVICE_KEY_AWAY_TODO -> R.string.word_device_key_away_todo
        Word.NO_SCREEN_LOCK -> R.string.word_no_screen_lock
        Word.NO_SCREEN_LOCK_TODO -> R.string.word_no_screen_lock_todo
        Word.NO_RELAY -> R.string.word_no_relay
        Word.NO_RELAY_TODO -> R.string.word_no_relay_todo
        Word.NO_BROWSER -> R.string.word_no_browser
        Word.NO_BROWSER_TODO -> R.string.word_no_browser_todo
        Word.NO_CAMERA -> R.string.word_no_camera
        Word.NO_CAMERA_TODO -> R.string.word_no_camera_todo
        Word.DATE_UNCLEAR -> R.string.word_date_unclear
        Word.DATE_UNCLEAR_TODO -> R.string.word_date_unclear_todo
        Word.NAME_MISSING -> R.string.word_name_missing
        Word.NAME_MISSING_TODO -> R.string.word_name_missing_todo
        Word.GESTATION_UNCLEAR -> R.string.word_gestation_unclear
        Word.GESTATION_UNCLEAR_TODO -> R.string.word_gestation_unclear_todo
        Word.NO_DOCUMENT -> R.string.word_no_document
        Word.NO_DOCUMENT_TODO -> R.string.word_no_document_todo
        Word.NOTHING_CHOSEN -> R.string.word_nothing_chosen
        Word.NOTHING_CHOSEN_TODO -> R.string.word_nothing_chosen_todo
        Word.DAY_UNCLEAR -> R.string.word_day_unclear
        Word.DAY_UNCLEAR_TODO -> R.string.word_day_unclear_todo
        Word.CARD_GONE -> R.string.word_card_gone
        Word.CARD_GONE_TODO -> R.string.word_card_gone_todo
        Word.NO_CARD_KEY -> R.string.word_no_card_key
        Word.NO_CARD_KEY_TODO -> R.string.word_no_card_key_todo
        Word.UNEXPECTED -> R.string.word_unexpected
        Word.UNEXPECTED_TODO -> R.string.word_unexpected_todo
    }

internal fun SlotKind.id(): Int =
    when (this) {
        SlotKind.DEVICE -> R.string.slot_device
        SlotKind.PASSPHRASE -> R.string.slot_passphrase
        SlotKind.RECOVERY -> R.string.slot_recovery
    }

internal fun LegalKind.id(): Int =
    when (this) {
        LegalKind.PRIVACY -> R.string.legal_privacy
        LegalKind.TERMS -> R.string.legal_terms
        LegalKind.CONTACT -> R.string.legal_contact
    }

internal fun ExportFormat.id(): Int =
    when (this) {
        ExportFormat.ORIGINALS -> R.string.export_originals
        ExportFormat.TECHO -> R.string.export_techo
        ExportFormat.FHIR -> R.string.export_fhir
        ExportFormat.CSV -> R.string.export_csv
        ExportFormat.IPS -> R.string.export_ips
        ExportFormat.PHR -> R.string.export_phr
        ExportFormat.JAHIS -> R.string.export_jahis
        ExportFormat.KENSHIN -> R.string.export_kenshin
        ExportFormat.PORTAL -> R.string.export_portal
    }

internal fun Sex.id(): Int =
    when (this) {
        Sex.FEMALE -> R.string.sex_female
        Sex.MALE -> R.string.sex_male
    }
