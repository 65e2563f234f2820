package jp.techo.notebook.app.platform

import java.nio.ByteBuffer

/**
 * What the keystore sealed, as it is kept: one byte version, one byte the number of the key, one byte whom that key asks, one
 * byte length of the nonce, the nonce, the sealed rest. The first three bytes are bound to the rest as additional data.
 */
internal class SealedBytes(
    val number: Int,
    val asks: KeyAsks,
    val nonce: ByteArray,
    val sealed: ByteArray,
) {
    fun write(): ByteArray = head(number, asks) + byteArrayOf(nonce.size.toByte()) + nonce + sealed

    companion object {
        private const val VERSION: Byte = 1
        private const val HEAD = 4
        private const val NONCE = 12
        private const val TAG = 16

        /** Bound to what is sealed, so that it opens only under the key that the head names. */
        fun head(
            number: Int,
            asks: KeyAsks,
        ): ByteArray = byteArrayOf(VERSION, number.toByte(), asks.ordinal.toByte())

        /** Null when this is nothing of ours. */
        fun read(bytes: ByteArray): SealedBytes? {
            if (bytes.size < HEAD + NONCE + TAG) return null
            val rest = ByteBuffer.wrap(bytes)
            val version = rest.get()
            val number = rest.get().toInt()
            val asks = KeyAsks.entries.getOrNull(rest.get().toInt())
            if (version != VERSION || rest.get().toInt() != NONCE || asks == null) return null
            val nonce = ByteArray(NONCE).also(rest::get)
            return SealedBytes(number, asks, nonce, ByteArray(rest.remaining()).also(rest::get))
        }
    }
}
