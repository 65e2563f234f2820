package jp.techo.notebook.presentation

import jp.techo.core.ExportFormat
import jp.techo.core.Setting
import jp.techo.notebook.presentation.screens.BackupPresenter
import jp.techo.notebook.presentation.screens.ExportPresenter
import jp.techo.notebook.presentation.screens.FetchPresenter
import jp.techo.notebook.presentation.screens.ImportPresenter
import jp.techo.notebook.presentation.screens.KitPresenter
import jp.techo.notebook.presentation.screens.RecordPresenter
import jp.techo.notebook.presentation.screens.SettingsPresenter
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertNotNull
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test

/** The trips that the app itself sends the person on: none of them locks, and leaving it by oneself does. */
class OutingsTest {
    @Test
    fun `the kit stays on the screen while it is printed, and leaving the app afterwards locks`() =
        story {
            start()
            desk.go(Screen.Kit)
            at<KitPresenter>().make()
            at<KitPresenter>().print()
            // The print dialogue is in front only now: the phone answers before it comes up.
            desk.left()
            assertNotNull(at<KitPresenter>().state.value.content.kit)
            desk.returned()
            assertNotNull(at<KitPresenter>().state.value.content.kit)
            leavingLocks()
        }

    @Test
    fun `whoever stays away from the print dialogue too long finds the notebook locked`() =
        story {
            start()
            desk.go(Screen.Kit)
            at<KitPresenter>().make()
            at<KitPresenter>().print()
            desk.left()
            clock += LONG
            desk.tick()
            assertNull(desk.open.value)
        }

    @Test
    fun `a phone that cannot print says so, and has sent nobody out`() =
        story {
            start()
            desk.go(Screen.Kit)
            at<KitPresenter>().make()
            fake.canPrint = false
            at<KitPresenter>().print()
            assertEquals("nothing_answers", at<KitPresenter>().state.value.trouble?.id)
            leavingLocks()
        }

    @Test
    fun `sharing goes to another app with the notebook open`() =
        story {
            start()
            take("family/hanako-tokutei-2024.xml")
            desk.go(Screen.Export)
            at<ExportPresenter>().format(ExportFormat.CSV)
            at<ExportPresenter>().share(null)
            assertNotNull(at<ExportPresenter>().state.value.content.done)
            desk.left()
            assertNotNull(desk.open.value)
            desk.returned()
            leavingLocks()
        }

    @Test
    fun `pickers, camera, saving and the phone's question are errands until their answer is there`() =
        story {
            start()
            take("family/hanako-tokutei-2024.xml")
            desk.go(Screen.Import())
            goesOut { at<ImportPresenter>().pickFile() }
            goesOut { at<ImportPresenter>().photograph() }
            goesOut { at<ImportPresenter>().choosePicture() }
            desk.go(Screen.Fetch())
            goesOut { at<FetchPresenter>().pickProfile() }
            desk.go(Screen.Export)
            goesOut { at<ExportPresenter>().save(null) }
            desk.go(Screen.Backup)
            goesOut { at<BackupPresenter>().save("春はあけぼの") }
            val event = desk.vault { it.event(it.timeline(first()).rows.first().id) }
            desk.go(Screen.Record(event.records.first().id!!))
            goesOut { at<RecordPresenter>().saveOriginal() }
            desk.go(Screen.Settings)
            goesOut { at<SettingsPresenter>().set(Setting.NOTIFICATIONS, true) }
            leavingLocks()
        }

    /** [act] sends the person to another app, which covers ours before it answers. */
    private suspend fun World.goesOut(act: suspend () -> Unit) {
        settle()
        var outings = 0
        fake.meanwhile = {
            outings += 1
            desk.left()
            desk.returned()
        }
        act()
        settle()
        fake.meanwhile = {}
        assertTrue(outings > 0, "nobody went out")
        assertNotNull(desk.open.value)
    }

    private suspend fun World.leavingLocks() {
        settle()
        desk.left()
        assertNull(desk.open.value)
    }

    private fun first() = jp.techo.core.TimelineQuery(null, null, null, null, null, 1u)

    private companion object {
        const val LONG = 301_000L
    }
}
