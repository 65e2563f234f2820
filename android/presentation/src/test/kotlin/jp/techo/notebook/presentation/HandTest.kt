package jp.techo.notebook.presentation

import jp.techo.notebook.presentation.screens.AttachPresenter
import jp.techo.notebook.presentation.screens.EventPresenter
import jp.techo.notebook.presentation.screens.ImportPresenter
import jp.techo.notebook.presentation.screens.Importing
import jp.techo.notebook.presentation.screens.NewPersonPresenter
import jp.techo.notebook.presentation.screens.Pen
import jp.techo.notebook.presentation.screens.PeoplePresenter
import jp.techo.notebook.presentation.screens.RecordPresenter
import jp.techo.notebook.presentation.screens.Relation
import jp.techo.notebook.presentation.screens.TimelinePresenter
import jp.techo.notebook.presentation.screens.WritePresenter
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertNotNull
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test

/** Writing by hand, beyond what the scenarios tell. */
class HandTest {
    @Test
    fun `a form is not written before all that is needed is typed, and what is wrong is said at its field`() =
        story {
            start()
            shell.back()
            at<PeoplePresenter>().timeline(at<PeoplePresenter>().state.value.content.people.single().id)
            at<TimelinePresenter>().write()
            val write = at<WritePresenter>()
            assertTrue(write.state.value.content.kinds.size > 10)
            assertFalse(write.state.value.content.isReady)
            write.kind("vaccination")
            val fields = at<WritePresenter>().state.value.content.fields
            assertTrue(fields.any { it.isRequired } && fields.any { it.choices.isNotEmpty() })
            write.type("on", "きのう")
            write.type("vaccine", "mr")
            write.pen(Pen(Relation.PARENT))
            assertFalse(write.state.value.content.isReady, "whose words these are is not known")
            write.pen(Pen(Relation.PARENT, "手帳 一郎"))
            assertTrue(write.state.value.content.isReady)
            write.write()
            val wrong = at<WritePresenter>().state.value.content
            assertNull(wrong.done)
            assertEquals(listOf("on"), wrong.troubles.map { it.field })
            write.type("on", "2020-07-01")
            write.write()
            val done = at<WritePresenter>().state.value.content.done
            assertTrue(done!!.authorText.contains("手帳 一郎"), done.authorText)
            write.see()
            assertNotNull(at<RecordPresenter>().state.value.content.view!!.written)
            // Nothing that was typed outlives the process.
            assertNull(desk.saved.all().values.find { it.contains("一郎") || it.contains("2020-07-01") })
        }

    @Test
    fun `what is no duration of a pregnancy is said so, and a good one is taken`() =
        story {
            start()
            desk.inside.reset(Screen.NewPerson)
            at<NewPersonPresenter>().fill(World.TARO.copy(gestation = "とても早く"))
            at<NewPersonPresenter>().add()
            assertEquals("gestation_unclear", at<NewPersonPresenter>().state.value.trouble?.id)
            at<NewPersonPresenter>().fill(World.TARO.copy(gestation = "32週3日"))
            at<NewPersonPresenter>().add()
            assertEquals(2, at<PeoplePresenter>().state.value.content.people.size)
        }

    @Test
    fun `a picture is kept as a document by its title, and its copy goes`() =
        story {
            start()
            val import = look("jahis/photo-without-code.png")
            val draft = import.state.value.content.stage as Importing.Draft
            assertTrue(draft.view.canKeep && draft.asDocument && draft.isReady)
            import.name("母子手帳 12ページ", "2020-07")
            import.file()
            val done = (at<ImportPresenter>().state.value.content.stage as Importing.Done).done
            assertNotNull(done.document)
            import.see()
            assertEquals("母子手帳 12ページ", at<EventPresenter>().state.value.content.view!!.row.title)
            assertEquals("2020-07", at<EventPresenter>().state.value.content.view!!.row.date)
            assertEquals(emptyList<String>(), desk.saved.all().keys.filter { it.endsWith(".path") })
        }

    @Test
    fun `what is neither picture nor document is not put beside a record`() =
        story {
            start()
            take("family/hanako-tokutei-2024.xml").see()
            at<EventPresenter>().record(at<EventPresenter>().state.value.content.view!!.records.first { it.id != null }.id!!)
            at<RecordPresenter>().attach()
            val attach = at<AttachPresenter>()
            fake.picks.pick(World.fixture("kinds/doses.csv"))
            attach.pickFile()
            assertEquals("no_document", at<AttachPresenter>().state.value.trouble?.id)
            attach.attach()
            assertNull(at<AttachPresenter>().state.value.content.done)
        }
}
