package jp.techo.notebook.presentation

import jp.techo.core.SlotKind
import jp.techo.notebook.presentation.platform.DeviceLockState
import jp.techo.notebook.presentation.platform.LibraryState
import jp.techo.notebook.presentation.platform.Unsealed
import jp.techo.notebook.presentation.screens.EventPresenter
import jp.techo.notebook.presentation.screens.FirstStartPresenter
import jp.techo.notebook.presentation.screens.FirstWay
import jp.techo.notebook.presentation.screens.ImportPresenter
import jp.techo.notebook.presentation.screens.Importing
import jp.techo.notebook.presentation.screens.Keeping
import jp.techo.notebook.presentation.screens.KitPresenter
import jp.techo.notebook.presentation.screens.PeoplePresenter
import jp.techo.notebook.presentation.screens.UnlockPresenter
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertNotNull
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import java.io.File

/** Opening the app: for the first time, every other time, and when something is wrong. */
class DoorTest {
    @Test
    fun `three steps lead from opening the app to the first record of one's own`() =
        story {
            start(FirstWay.FILE)
            assertTrue(at<ImportPresenter>().state.value.content.isFirst)
            take("family/hanako-tokutei-2024.xml").see()
            assertTrue(at<EventPresenter>().state.value.content.view!!.records.isNotEmpty())
            // The kit is asked for afterwards, and the question is remembered.
            shell.back()
            assertTrue(at<PeoplePresenter>().state.value.content.needsKit)
            at<PeoplePresenter>().postponeKit()
            assertFalse(at<PeoplePresenter>().state.value.content.needsKit)
            assertTrue(watched.elsewhere.get() > 0)
        }

    @Test
    fun `the phone's lock opens what it locked, and a turned away person changes nothing`() =
        story {
            start()
            desk.lock()
            fake.lock.instead = Unsealed.Cancelled
            at<UnlockPresenter>().byDevice()
            assertNull(at<UnlockPresenter>().state.value.trouble)
            fake.lock.instead = null
            at<UnlockPresenter>().byDevice()
            at<ImportPresenter>()
        }

    @Test
    fun `a phone without a lock needs a passphrase, a wrong one is said, and the right one opens`() =
        story {
            fake.lock.state = DeviceLockState.NO_SCREEN_LOCK
            begin()
            assertEquals(Keeping.PASSPHRASE, at<FirstStartPresenter>().state.value.content.keeping)
            start(passphrase = "春はあけぼの")
            desk.lock()
            at<UnlockPresenter>().byPassphrase("夏は夜")
            assertEquals("wrong_passphrase", at<UnlockPresenter>().state.value.trouble?.id)
            at<UnlockPresenter>().byPassphrase("春はあけぼの")
            at<ImportPresenter>()
        }

    @Test
    fun `a reset keystore leads to the kit, never to a new notebook, and the lock can be set up again`() =
        story {
            start()
            desk.go(Screen.Kit)
            at<KitPresenter>().make()
            val code = at<KitPresenter>().state.value.content.kit!!.code
            at<KitPresenter>().print()
            assertEquals(1, fake.printed.size)
            desk.lock()
            settle()
            fake.lock.forget()
            at<UnlockPresenter>().byDevice()
            val lost = at<UnlockPresenter>()
            assertTrue(lost.state.value.content.keyLost)
            assertNull(lost.state.value.trouble, "said once, by the screen itself")
            assertEquals(listOf(SlotKind.RECOVERY), lost.state.value.content.ways)
            lost.byKit(code, null)
            at<KitPresenter>()
            // The new key works.
            desk.lock()
            at<UnlockPresenter>().byDevice()
            at<KitPresenter>()
        }

    @Test
    fun `a damaged notebook can be read, and the loss is accepted only as a named step`() =
        story {
            start()
            take("family/hanako-tokutei-2024.xml")
            desk.lock()
            settle()
            desk.closed()
            val file = File(place.vault).walk().first { it.isFile && it.name == "vault" }
            // The second page: without the first nothing could be read at all, and a later one may be looked at after the opening.
            file.writeBytes(file.readBytes().also { it[SECOND_PAGE] = (it[SECOND_PAGE].toInt() xor 1).toByte() })
            at<UnlockPresenter>().byDevice()
            val unlock = at<UnlockPresenter>()
            assertEquals("damaged", unlock.state.value.content.damage?.id)
            assertNull(desk.open.value)
            unlock.rescue()
            settle()
            assertEquals(Opened.RESCUE, desk.open.value?.how)
            assertEquals("手帳 花子", desk.vault { it.people() }.single().name)
            desk.lock()
            at<UnlockPresenter>().byDevice()
            at<UnlockPresenter>().askLoss(true)
            shell.back()
            assertFalse(at<UnlockPresenter>().state.value.content.asksLoss)
            at<UnlockPresenter>().askLoss(true)
            at<UnlockPresenter>().acceptLoss()
            settle()
            assertEquals(Opened.WHOLE, desk.open.value?.how)
        }

    @Test
    fun `an older copy put back is noticed by what the phone remembers`() =
        story {
            start()
            settle()
            desk.lock()
            settle()
            desk.closed()
            val older = File(folder, "older")
            File(place.vault).copyRecursively(older)
            at<UnlockPresenter>().byDevice()
            take("family/hanako-tokutei-2024.xml")
            settle()
            desk.lock()
            settle()
            desk.closed()
            File(place.vault).deleteRecursively()
            older.copyRecursively(File(place.vault))
            at<UnlockPresenter>().byDevice()
            assertNotNull(at<UnlockPresenter>().state.value.content.damage)
        }

    @Test
    fun `leaving the app locks, an errand does not, and coming back goes on where it was`() =
        story {
            start()
            take("family/hanako-tokutei-2024.xml").see()
            at<EventPresenter>()
            desk.errand { desk.left() }
            assertNotNull(desk.open.value)
            desk.left()
            at<UnlockPresenter>().byDevice()
            at<EventPresenter>()
        }

    @Test
    fun `a picked file survives the death of the process`() =
        story {
            start()
            look("family/hanako-tokutei-2024.xml")
            dies()
            at<UnlockPresenter>().byDevice()
            val import = at<ImportPresenter>()
            assertTrue(import.state.value.content.stage is Importing.Draft, "${import.state.value}")
            import.file()
            assertTrue(at<ImportPresenter>().state.value.content.stage is Importing.Done)
        }

    @Test
    fun `a library that is missing or another is said, and nothing else is done`() =
        story {
            fake.library = LibraryState.MISSING
            val other = Shell(Desk(desk.library, fake.phone(), place, desk.background, desk.scope, Saved(), language) { 0 })
            other.start()?.join()
            assertEquals(Top.NoLibrary(LibraryState.MISSING), other.top.value)
        }

    private companion object {
        const val SECOND_PAGE = 4096 + 2000
    }
}
