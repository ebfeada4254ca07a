using ActorTorrent.Wire.Metainfo;
using ActorTorrent.Wire.Peers;

namespace ActorTorrent.Benchmarks.Micro;

/// <summary>Whole blocks as they stand on the wire.</summary>
internal static class PieceMessages
{
    /// <summary>Bytes of one.</summary>
    public const int Length = PeerMessageWriter.BlockHeaderLength + FileLayout.BlockLength;

    /// <summary>Pieces of 64 blocks, 1 MiB.</summary>
    public const int PieceLength = 64 * FileLayout.BlockLength;

    /// <summary>A torrent of so many pieces.</summary>
    public static FileLayout Layout(int pieces) => new([new TorrentFileEntry(0, ["file"], (long)pieces * PieceLength, 0)], PieceLength);

    /// <summary>The block of a number, counted through the torrent.</summary>
    public static BlockRequest Block(int number) =>
        new(new PieceIndex(number / 64), number % 64 * FileLayout.BlockLength, FileLayout.BlockLength);

    /// <summary>Blocks in a row.</summary>
    public static byte[] Make(int count)
    {
        var bytes = new byte[count * Length];
        for (var i = 0; i < count; i++)
            PeerMessageWriter.WriteBlockHeader(bytes.AsSpan(i * Length), Block(i));
        return bytes;
    }
}
