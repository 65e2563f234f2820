package jp.techo.notebook.app

import androidx.activity.ComponentActivity
import androidx.activity.compose.setContent
import androidx.compose.ui.test.assertIsOn
import androidx.compose.ui.test.hasClickAction
import androidx.compose.ui.test.hasContentDescription
import androidx.compose.ui.test.hasText
import androidx.compose.ui.test.isToggleable
import androidx.compose.ui.test.junit4.v2.createEmptyComposeRule
import jp.techo.notebook.R
import jp.techo.notebook.presentation.Screen
import jp.techo.notebook.presentation.screens.PlanPresenter
import org.junit.After
import org.junit.Assert.assertFalse
import org.junit.Assert.assertTrue
import org.junit.Rule
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.Robolectric
import org.robolectric.RobolectricTestRunner
import org.robolectric.annotation.Config
import org.robolectric.annotation.GraphicsMode

/** The ways through the screens of families, with the real library and the sample family; touched where a person touches. */
@RunWith(RobolectricTestRunner::class)
@GraphicsMode(GraphicsMode.Mode.NATIVE)
@Config(sdk = [30, 35], application = WithFakePhone::class, qualifiers = "ja-rJP-w360dp-h720dp-hdpi")
class FamilyScreensTest {
    @get:Rule
    val rule = createEmptyComposeRule()

    private val hand = Hand(rule)
    private val covered get() = hasContentDescription(hand.text(R.string.hidden_value))

    @After
    fun end() {
        hand.app.forget()
        hand.app.fake.root.deleteRecursively()
    }

    @Test
    fun `from the board to a child's plan, whose values are covered until the eye is touched, and to a dose's reasons and record`() =
        with(hand) {
            sample()
            assertTrue("what stands on the board is covered", there(covered))
            tap("手帳 太郎")
            tap(R.string.plan_title)
            until("the plan is read") { plan()?.doses?.isNotEmpty() == true }
            val given = plan()!!.doses.first { it.record != null }
            assertTrue(seen(hasText(given.doseText)))
            assertFalse("nobody is told what was given", seen(hasText(given.statusText)))
            touch(hasContentDescription(text(R.string.show_values)))
            until("the status is a word") { seen(hasText(given.statusText, substring = true)) }
            assertFalse(there(covered))
            assertFalse("reasons are folded", seen(hasText(given.why.first(), substring = true)))
            // The first sheet is the first dose of the plan.
            val first = plan()!!.doses.first()
            seen(hasText(first.vaccineName))
            tap(R.string.plan_why)
            until("reasons and source are unfolded") { seen(hasText(first.source, substring = true)) }
            touch(hasText(given.statusText, substring = true) and hasClickAction())
            until("the record is open") { screen is Screen.Record }
        }

    @Test
    fun `a checkup is read in plain words, and what the State forgets is counted down without a fetch in the sample`() =
        with(hand) {
            sample()
            tap("手帳 花子")
            touch(hasContentDescription(text(R.string.show_values)))
            tap("特定健康診査")
            until("the event is open") { screen is Screen.Event }
            tap(R.string.explain_title)
            until("the words are there") { screen is Screen.Explain && seen(hasText("診断ではありません", substring = true)) }
            assertTrue("values are covered", there(covered) || seen(covered))
            shell.desk.inside.reset(Screen.Forgets())
            until("the countdown is there") { seen(hasText("マイナポータル", substring = true)) }
            assertFalse(seen(hasText(text(R.string.forgets_fetch)) and hasClickAction()))
        }

    @Test
    fun `the growth chart says itself to who does not see it, and the switch of the corrected age says how it stands`() {
        val activity = Robolectric.buildActivity(ComponentActivity::class.java).setup().get()
        val draw = families(Samples(isJapanese = true)).toMap()
        activity.setContent { draw.getValue("growth")() }
        val chart = hasContentDescription("最新 10.10 kg", substring = true)
        rule.onNode(chart and hasContentDescription("2023", substring = true) and hasContentDescription("パーセンタイル", substring = true))
            .assertExists()
        hand.seen(isToggleable())
        rule.onNode(isToggleable()).assertIsOn()
        activity.setContent { draw.getValue("growth-hidden")() }
        rule.onNode(chart).assertDoesNotExist()
        assertTrue(hand.seen(hasContentDescription(activity.getString(R.string.hidden_value))))
    }

    private fun Hand.sample() {
        controller.setup()
        tap(R.string.first_sample)
        until("the family is there") { seen(hasText("手帳 太郎", substring = true)) }
    }

    private fun Hand.plan() = (top?.presenter as? PlanPresenter)?.state?.value?.content
}
