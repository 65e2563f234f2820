package jp.techo.notebook.presentation

import jp.techo.core.ConsentQuestion
import jp.techo.core.ImportDraft
import jp.techo.core.NoHandle
import jp.techo.core.SyncSession
import jp.techo.core.Vault
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import java.lang.reflect.InvocationTargetException
import java.lang.reflect.Modifier

/**
 * The watch itself is watched: whatever `bindings/surface.txt` marks *quick* or *long*, of every object that it lists, is refused
 * on the thread that draws. All stories of this module run under that watch.
 */
class WatchedTest {
    private val watch = Watched(Thread.currentThread())

    /** Each object of the surface, watched; none of these has anything behind it, and none may be asked. */
    private val watched =
        mapOf(
            "Vault" to WatchedVault(Vault(NoHandle), watch),
            "ImportDraft" to WatchedDraft(ImportDraft(NoHandle), watch),
            "ConsentQuestion" to WatchedQuestion(ConsentQuestion(NoHandle), watch),
            "SyncSession" to WatchedSession(SyncSession(NoHandle), watch),
        )

    @Test
    fun `every object of the surface is watched`() = assertEquals(Surface.objects, watched.keys)

    @Test
    fun `nothing quick or long of any object runs on the thread that draws`() {
        watched.forEach { (name, one) ->
            val slow = Surface.slow(name)
            assertTrue(slow.isNotEmpty(), name)
            assertEquals(slow, slow.filter { isRefused(one, it) }.toSet(), name)
        }
        assertEquals(0, watch.elsewhere.get())
    }

    @Test
    fun `nothing quick or long runs there before there is an object`() {
        val slow = Surface.slowOutside()
        assertTrue("open" in slow && "restore" in slow, "$slow")
        assertEquals(slow, slow.filter { isRefused(watch.library, if (it == "slotKinds") "slots" else it) }.toSet())
    }

    /** Whether calling [name] here is refused by the watch, and by nothing else. */
    private fun isRefused(
        one: Any,
        name: String,
    ): Boolean {
        // Inline classes (UInt) leave a suffix in the name.
        val method =
            one.javaClass.methods.filter {
                it.name.substringBefore('-') == name && !it.isBridge
            }.single { !Modifier.isStatic(it.modifiers) }
        method.isAccessible = true
        return try {
            method.invoke(one, *method.parameterTypes.map(::something).toTypedArray())
            false
        } catch (error: InvocationTargetException) {
            error.targetException.message == "$name was called on the thread that draws"
        }
    }

    /** Any value of the type: it is never looked at. */
    private fun something(type: Class<*>): Any? =
        when {
            type == Boolean::class.java -> false
            type == Int::class.java -> 0
            type == String::class.java -> ""
            type == ByteArray::class.java -> ByteArray(0)
            type == List::class.java -> emptyList<Any>()
            // Unsigned numbers are boxed only where they may be absent.
            type.name.startsWith("kotlin.U") -> null
            type.isEnum -> type.enumConstants.first()
            Modifier.isAbstract(type.modifiers) -> something(type.declaredClasses.first { type.isAssignableFrom(it) })
            else -> {
                val made = type.declaredConstructors.filter { !it.isSynthetic }.minBy { it.parameterCount }
                made.isAccessible = true
                made.newInstance(
                    *made.parameterTypes.map {
                        if (it.isPrimitive ||
                            it == String::class.java
                        ) {
                            something(it)
                        } else {
                            nullable(it)
                        }
                    }.toTypedArray(),
                )
            }
        }

    private fun nullable(type: Class<*>): Any? =
        if (type == ByteArray::class.java || type == List::class.java ||
            type.isEnum
        ) {
            something(type)
        } else {
            null
        }
}
