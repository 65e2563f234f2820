package jp.techo.notebook.presentation

import jp.techo.core.ExportFormat
import jp.techo.core.LegalKind
import jp.techo.core.Setting
import jp.techo.core.SlotKind
import jp.techo.notebook.presentation.screens.BackupPresenter
import jp.techo.notebook.presentation.screens.CheckPresenter
import jp.techo.notebook.presentation.screens.ConsentsPresenter
import jp.techo.notebook.presentation.screens.ErasePresenter
import jp.techo.notebook.presentation.screens.EventPresenter
import jp.techo.notebook.presentation.screens.ExportPresenter
import jp.techo.notebook.presentation.screens.FirstStartPresenter
import jp.techo.notebook.presentation.screens.ImportPresenter
import jp.techo.notebook.presentation.screens.KeysPresenter
import jp.techo.notebook.presentation.screens.LedgerPresenter
import jp.techo.notebook.presentation.screens.LegalPresenter
import jp.techo.notebook.presentation.screens.PeoplePresenter
import jp.techo.notebook.presentation.screens.RestorePresenter
import jp.techo.notebook.presentation.screens.SettingsPresenter
import jp.techo.notebook.presentation.screens.UnlockPresenter
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertNotNull
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import java.io.File

/** Taking out, keeping safe, erasing, and the choices. */
class KeepingTest {
    @Test
    fun `the phone's own prompt over the whole screen is not leaving the app`() =
        story {
            start()
            take("family/hanako-tokutei-2024.xml")
            desk.lock()
            at<UnlockPresenter>().byDevice()
            settle()
            desk.go(Screen.Export)
            fake.lock.asked = 0
            fake.lock.meanwhile = {
                desk.left()
                desk.returned()
            }
            at<ExportPresenter>().format(ExportFormat.CSV)
            at<ExportPresenter>().save(null)
            assertNotNull(at<ExportPresenter>().state.value.content.done)
            assertEquals(1, fake.lock.asked)
            assertNotNull(desk.open.value)
            fake.lock.meanwhile = {}
            desk.left()
            assertNull(desk.open.value)
        }

    @Test
    fun `every form is exported, saved and shared, and no draft stays`() =
        story {
            start()
            take("family/hanako-tokutei-2024.xml")
            take("family/hanako-okusuri-1.txt")
            desk.go(Screen.Export)
            ExportFormat.entries.forEach { format ->
                at<ExportPresenter>().format(format)
                at<ExportPresenter>().save(null)
                val state = at<ExportPresenter>().state.value
                if (format == ExportFormat.PORTAL) {
                    // Nothing came from Mynaportal: no file is made, and it says so.
                    assertEquals("nothing_to_write", state.trouble?.id)
                    return@forEach
                }
                assertNull(state.trouble, "$format ${state.trouble}")
                assertNotNull(state.content.done)
                assertTrue(fake.picks.saved.last().length() > 0)
            }
            at<ExportPresenter>().format(ExportFormat.TECHO)
            at<ExportPresenter>().share("春はあけぼの")
            at<ExportPresenter>()
            assertEquals(1, fake.shared.size)
            assertEquals(emptyList<File>(), File(folder, "app/drafts").walk().filter { it.isFile }.toList())
        }

    @Test
    fun `a backup comes back into a new notebook, and a notebook that is there is never overwritten`() =
        story {
            start()
            take("family/hanako-tokutei-2024.xml")
            val before = desk.vault { it.people() }.single().records
            desk.go(Screen.Backup)
            at<BackupPresenter>().save("春はあけぼの")
            assertNotNull(at<BackupPresenter>().state.value.content.done)
            val backup = fake.picks.saved.single()
            desk.lock()
            at<UnlockPresenter>().restore()
            fake.picks.pick(backup)
            at<RestorePresenter>().pick()
            at<RestorePresenter>().restore("春はあけぼの", "")
            assertEquals("vault_exists", at<RestorePresenter>().state.value.trouble?.id)
            // A new phone; the old one has finished locking.
            desk.closed()
            File(place.vault).deleteRecursively()
            place.forgetSealed()
            fake.memory.kept = null
            begin()
            at<FirstStartPresenter>().restore()
            at<RestorePresenter>().pick()
            at<RestorePresenter>().restore("夏は夜", "")
            assertEquals("wrong_passphrase", at<RestorePresenter>().state.value.trouble?.id)
            at<RestorePresenter>().restore("春はあけぼの", "")
            assertTrue(at<RestorePresenter>().state.value.content.done!!.people.single().isWhole)
            at<RestorePresenter>().finish()
            at<UnlockPresenter>().byDevice()
            assertEquals(before, at<PeoplePresenter>().state.value.content.people.single().records)
        }

    @Test
    fun `what will go is said first, and only a yes erases it`() =
        story {
            start()
            take("family/hanako-tokutei-2024.xml").see()
            at<EventPresenter>().eraseDocument()
            val erase = at<ErasePresenter>()
            assertTrue(erase.state.value.content.text!!.isNotBlank())
            erase.erase()
            assertNull(at<ErasePresenter>().state.value.content.done)
            assertTrue(desk.vault { it.people() }.single().records > 0uL)
            erase.sure(true)
            erase.erase()
            assertNotNull(at<ErasePresenter>().state.value.content.done)
            shell.back()
            assertEquals(0uL, at<PeoplePresenter>().state.value.content.people.single().records)
        }

    @Test
    fun `the ledger tells what happened, and there are no consents without a fetch`() =
        story {
            start()
            take("family/hanako-tokutei-2024.xml")
            desk.go(Screen.Ledger)
            val ledger = at<LedgerPresenter>()
            assertTrue(ledger.state.value.content.lines.size >= 2)
            val numbers = ledger.state.value.content.lines.map { it.number }
            assertEquals(numbers.sortedDescending(), numbers)
            ledger.consents()
            assertEquals(emptyList<Any>(), at<ConsentsPresenter>().state.value.content.lines)
        }

    @Test
    fun `settings are in force at once`() =
        story {
            start()
            assertTrue(fake.isProtected)
            assertTrue(desk.open.value!!.hideValues)
            desk.go(Screen.Settings)
            at<SettingsPresenter>().set(Setting.SECURE_SCREEN, false)
            at<SettingsPresenter>()
            assertFalse(fake.isProtected)
            at<SettingsPresenter>().set(Setting.HIDE_VALUES, false)
            at<SettingsPresenter>()
            assertFalse(desk.open.value!!.hideValues)
            at<SettingsPresenter>().lockAfter(1u)
            at<SettingsPresenter>()
            clock += 61_000
            desk.tick()
            at<UnlockPresenter>()
            assertTrue(fake.isProtected)
        }

    @Test
    fun `the version agreed to is told beside the text`() =
        story {
            at<FirstStartPresenter>().read(LegalKind.PRIVACY)
            assertNull(at<LegalPresenter>().state.value.content.agreed)
            assertTrue(at<LegalPresenter>().state.value.content.text!!.paragraphs.isNotEmpty())
            shell.back()
            start()
            desk.go(Screen.Legal(LegalKind.TERMS))
            val legal = at<LegalPresenter>().state.value.content
            assertEquals(legal.text!!.version, legal.agreed!!.version)
            assertTrue(legal.agreed.isCurrent)
        }

    @Test
    fun `keys are added and taken away, and the last one stays`() =
        story {
            start()
            desk.go(Screen.Keys)
            assertEquals(listOf(SlotKind.DEVICE), at<KeysPresenter>().state.value.content.slots)
            at<KeysPresenter>().remove(SlotKind.DEVICE)
            assertNotNull(at<KeysPresenter>().state.value.trouble)
            assertEquals(listOf(SlotKind.DEVICE), at<KeysPresenter>().state.value.content.slots)
            assertNotNull(place.sealed())
            at<KeysPresenter>().setPassphrase("春はあけぼの")
            assertEquals(setOf(SlotKind.DEVICE, SlotKind.PASSPHRASE), at<KeysPresenter>().state.value.content.slots.toSet())
            at<KeysPresenter>().remove(SlotKind.DEVICE)
            assertEquals(listOf(SlotKind.PASSPHRASE), at<KeysPresenter>().state.value.content.slots)
            assertNull(place.sealed())
        }

    @Test
    fun `a check reads the whole notebook`() =
        story {
            start()
            take("family/hanako-tokutei-2024.xml")
            desk.go(Screen.Check)
            at<CheckPresenter>().verify()
            val result = at<CheckPresenter>().state.value.content.result!!
            assertTrue(result.ok)
            assertEquals("手帳 花子", result.people.single().name)
        }

    @Test
    fun `where presence is asked for, the phone's lock gives it`() =
        story {
            start()
            take("family/hanako-tokutei-2024.xml")
            desk.go(Screen.Settings)
            at<SettingsPresenter>().set(Setting.REAUTHENTICATE, true)
            at<SettingsPresenter>()
            desk.lock()
            at<UnlockPresenter>().byDevice()
            settle()
            val asked = fake.lock.asked
            desk.go(Screen.Export)
            at<ExportPresenter>().save(null)
            assertNotNull(at<ExportPresenter>().state.value.content.done)
            assertTrue(fake.lock.asked > asked)
        }
}
