package jp.techo.notebook.presentation

import jp.techo.core.FetchState
import jp.techo.core.FetchStep
import jp.techo.notebook.presentation.fakes.Town
import jp.techo.notebook.presentation.platform.Notice
import jp.techo.notebook.presentation.screens.FetchPresenter
import jp.techo.notebook.presentation.screens.Fetching
import jp.techo.notebook.presentation.screens.FirstWay
import jp.techo.notebook.presentation.screens.UnlockPresenter
import kotlinx.coroutines.flow.first
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertNotNull
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test

/** A fetch from Mynaportal's stand-in, where it does not go straight through. */
class FetchTest {
    @Test
    fun `a fetch whose process died while the browser was out goes on when it comes back`() =
        story {
            Town().use { town ->
                toBrowser(town)
                val back = town.visit(fake.opened.last(), "hanako")
                dies()
                // The browser comes back to a locked notebook: nothing is done before the person opens it.
                fake.arrivals.send(back)
                at<UnlockPresenter>()
                assertNull(desk.open.value)
                at<UnlockPresenter>().byDevice()
                val digest = (until<FetchStep.Done>(town).step as FetchStep.Done).digest
                assertTrue(digest.sum.isNotBlank())
                assertTrue(desk.vault { it.people() }.single().records > 0uL)
                assertEquals(emptyList<Any>(), desk.vault { it.unfinished() })
                assertNull(desk.arrival.value)
                assertTrue(Notice.FETCH_DONE in fake.shown && Notice.FETCH_WAITS !in fake.shown)
            }
        }

    @Test
    fun `a fetch whose process died before the browser came back still waits for it`() =
        story {
            Town().use { town ->
                toBrowser(town)
                dies()
                at<UnlockPresenter>().byDevice()
                until<FetchStep.Browse>(town)
                at<FetchPresenter>().browse()
                fake.arrivals.send(town.visit(fake.opened.last(), "hanako"))
                until<FetchStep.Done>(town)
                assertTrue(desk.vault { it.people() }.single().records > 0uL)
            }
        }

    @Test
    fun `the way to the browser does not lock, and coming back from it by oneself ends it`() =
        story {
            Town().use { town ->
                toBrowser(town)
                desk.left()
                assertNotNull(desk.open.value)
                desk.returned()
                assertNotNull(desk.open.value)
                desk.left()
                assertNull(desk.open.value)
            }
        }

    /** Asks for the check-ups, grants them, and goes to the browser. */
    private suspend fun World.toBrowser(town: Town) {
        place.keepProfile(town.profile)
        start(FirstWay.FETCH)
        val fetch = at<FetchPresenter>()
        fetch.item("checkup", true)
        fetch.ask()
        at<FetchPresenter>().grant("checkup", true)
        fetch.answer()
        until<FetchStep.Browse>(town)
        assertTrue(Notice.FETCH_WAITS in fake.shown)
        fetch.browse()
    }

    /** Waits for the step, and says yes where it is asked who that was; a trouble or an end before it is a failure. */
    private suspend inline fun <reified S : FetchStep> World.until(town: Town): FetchState {
        val fetch = at<FetchPresenter>()
        val shown =
            fetch.state.first { shown ->
                assertNull(shown.trouble)
                val step = (shown.content.stage as? Fetching.Running)?.state?.step
                check(step !is FetchStep.Ended || step is S) { "ended before" }
                if (step is FetchStep.Confirm) fetch.decide(true)
                // A second round: the portal asks for the card once more.
                if (step is FetchStep.Browse && step !is S && step.url != fake.opened.last()) {
                    fetch.browse()
                    fake.arrivals.send(town.visit(step.url, "hanako"))
                }
                step is S
            }
        return (shown.content.stage as Fetching.Running).state
    }
}
