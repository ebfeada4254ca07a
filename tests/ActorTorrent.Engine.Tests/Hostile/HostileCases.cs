using System.Buffers.Binary;
using System.Text;
using ActorTorrent.Engine.Faults;
using ActorTorrent.Wire.Metainfo;
using ActorTorrent.Wire.Peers;

namespace ActorTorrent.Engine.Tests.Hostile;

/// <summary>The cases of the suite, by number.</summary>
internal static partial class HostileCases
{
    /// <summary>All of them, in order.</summary>
    public static IReadOnlyList<HostileCase> All { get; } =
        [.. Handshakes(), .. Framing(), .. Availability(), .. Requests(), .. Data(), .. Extensions(), .. Trackers()];

    private static Expected Stopped(FaultCause cause, int least = 1, int? most = null) => new(cause, FaultAction.Stop, least, most ?? least);

    private static Expected Restarted(FaultCause cause, int least = 1, int? most = null) => new(cause, FaultAction.Restart, least, most ?? least);

    /// <summary>A message as its length says, whatever it holds.</summary>
    private static byte[] Raw(uint length, params byte[] body)
    {
        var bytes = new byte[4 + body.Length];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, length);
        body.CopyTo(bytes, 4);
        return bytes;
    }

    /// <summary>A message of an id and 32-bit numbers.</summary>
    private static byte[] Numbers(byte id, params uint[] numbers)
    {
        var body = new byte[1 + (4 * numbers.Length)];
        body[0] = id;
        for (var i = 0; i < numbers.Length; i++)
            BinaryPrimitives.WriteUInt32BigEndian(body.AsSpan(1 + (4 * i)), numbers[i]);
        return Raw((uint)body.Length, body);
    }

    private static byte[] Repeat(int times, params byte[] bytes)
    {
        var all = new byte[times * bytes.Length];
        for (var i = 0; i < times; i++)
            bytes.CopyTo(all, i * bytes.Length);
        return all;
    }

    private static BlockRequest Block(int piece, int offset = 0, int length = FileLayout.BlockLength) => new(new PieceIndex(piece), offset, length);

    private static PeerMessage HaveAll(HostileStage stage) => PeerMessage.Bitfield(Full(stage.Layout.PieceCount));

    private static byte[] Full(int pieces)
    {
        var all = new Bitfield(pieces);
        all.SetAll();
        return all.ToBytes();
    }

    private static byte[] Text(string text) => Encoding.Latin1.GetBytes(text);
}
