package jp.techo.notebook.presentation

import jp.techo.notebook.presentation.platform.LARGEST_PICK
import jp.techo.notebook.presentation.platform.Picked
import jp.techo.notebook.presentation.screens.ImportPresenter
import jp.techo.notebook.presentation.screens.Importing
import jp.techo.notebook.presentation.screens.NewPersonPresenter
import jp.techo.notebook.presentation.screens.PeoplePresenter
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertNotNull
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import java.io.File

/** Taking files in. */
class BringingTest {
    private val ImportPresenter.draft get() = state.value.content.stage as Importing.Draft

    @Test
    fun `nothing is filed before the person says so, and the same file twice adds nothing`() =
        story {
            start()
            val import = look("family/hanako-tokutei-2024.xml")
            assertTrue(import.draft.isReady)
            assertEquals(0uL, desk.vault { it.people() }.single().records)
            import.file()
            val done = at<ImportPresenter>().state.value.content.stage as Importing.Done
            assertTrue(done.done.records > 0u)
            at<ImportPresenter>().again()
            val again = take("family/hanako-tokutei-2024.xml").state.value.content.stage as Importing.Done
            assertEquals(0u, again.done.records)
        }

    @Test
    fun `somebody else's document is filed only when the person says so`() =
        story {
            start(form = World.ICHIRO)
            val import = look("family/hanako-tokutei-2024.xml")
            assertTrue(import.draft.needsAnyway)
            assertFalse(import.draft.isReady)
            import.file()
            assertEquals("not_this_person", at<ImportPresenter>().state.value.trouble?.id?.takeIf { true })
            import.anyway(true)
            assertTrue(import.draft.isReady)
            import.file()
            assertTrue(at<ImportPresenter>().state.value.content.stage is Importing.Done)
        }

    @Test
    fun `of two people the one whom it fits is proposed`() =
        story {
            start(form = World.ICHIRO)
            shell.back()
            at<PeoplePresenter>().add()
            at<NewPersonPresenter>().fill(World.HANAKO)
            at<NewPersonPresenter>().add()
            val hanako = at<PeoplePresenter>().state.value.content.people.first { it.name == "手帳 花子" }
            val import = look("family/hanako-tokutei-2024.xml")
            assertEquals(hanako.id, import.draft.person)
            assertFalse(import.draft.needsAnyway)
        }

    @Test
    fun `a file that cannot be read says where, and leaves the notebook as it was`() =
        story {
            start()
            val import = look("tokutei/broken-truncated.xml")
            val view = (import.state.value.content.stage as? Importing.Draft)?.view
            assertNotNull(import.state.value.trouble ?: view?.trouble ?: view?.documents?.firstNotNullOfOrNull { it.trouble })
            assertEquals(0uL, desk.vault { it.people() }.single().records)
        }

    @Test
    fun `what cannot even be picked is a sentence`() =
        story {
            start()
            val said =
                mapOf(
                    Picked.TooLarge(1_000_000_000, LARGEST_PICK) to "pick_too_large",
                    Picked.NotReadable to "pick_not_readable",
                    Picked.NoSpace to "no_room",
                    Picked.NothingAnswers to "nothing_answers",
                    Picked.Cancelled to null,
                )
            said.forEach { (picked, id) ->
                fake.picks.next = picked
                at<ImportPresenter>().pickFile()
                assertEquals(id, at<ImportPresenter>().state.value.trouble?.id)
            }
        }

    @Test
    fun `a picture without a code is a sentence`() =
        story {
            start()
            val file = File(folder, "white.png")
            val white = java.awt.image.BufferedImage(64, 64, java.awt.image.BufferedImage.TYPE_INT_RGB)
            javax.imageio.ImageIO.write(white, "png", file)
            fake.picks.pick(file)
            at<ImportPresenter>().photograph()
            val after = at<ImportPresenter>()
            val view = (after.state.value.content.stage as? Importing.Draft)?.view
            val trouble = after.state.value.trouble?.id ?: view?.trouble?.kind ?: view?.documents?.firstNotNullOfOrNull { it.trouble }?.kind
            assertEquals("no_qr", trouble)
        }

    @Test
    fun `a pick that was left over by a dead process is taken up`() =
        story {
            start()
            fake.picks.left = Picked.Document(fake.picks.copy(World.fixture("family/hanako-tokutei-2024.xml")))
            dies()
            at<jp.techo.notebook.presentation.screens.UnlockPresenter>().byDevice()
            assertTrue(at<ImportPresenter>().state.value.content.stage is Importing.Draft)
        }

    @Test
    fun `the private copy is gone when the screen is left`() =
        story {
            start()
            look("family/hanako-tokutei-2024.xml")
            shell.back()
            settle()
            assertEquals(emptyList<File>(), File(folder, "picked").walk().filter { it.isFile }.toList())
        }
}
