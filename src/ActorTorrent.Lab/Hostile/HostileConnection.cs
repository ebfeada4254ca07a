using System.Buffers;
using System.Net.Sockets;
using System.Text;
using ActorTorrent.Lab.Data;
using ActorTorrent.Wire.Metainfo;
using ActorTorrent.Wire.Peers;

namespace ActorTorrent.Lab.Hostile;

/// <summary>One connection of a hostile crowd.</summary>
internal sealed class HostileConnection(Socket socket, GeneratedContent content, Random random, CancellationToken end)
{
    private const int ReadLength = 32 << 10;

    private static readonly TimeSpan Drip = TimeSpan.FromMilliseconds(200);

    public async Task PlayAsync(HostileBehaviour behaviour)
    {
        switch (behaviour)
        {
            case HostileBehaviour.Silent:
                await ReadToEndAsync();
                return;
            case HostileBehaviour.HalfHandshake:
                await SendAsync(Greeting(content.InfoHash).AsMemory(0, random.Next(1, Handshake.Length)));
                await ReadToEndAsync();
                return;
            case HostileBehaviour.DrippedHandshake:
                await DripAsync(Greeting(content.InfoHash));
                return;
            case HostileBehaviour.WrongProtocol:
                await SendAsync(Encoding.ASCII.GetBytes("GET / HTTP/1.1\r\nHost: here\r\n\r\n"));
                await ReadToEndAsync();
                return;
            case HostileBehaviour.WrongInfoHash:
                var other = new byte[InfoHash.Length];
                random.NextBytes(other);
                await SendAsync(Greeting(new InfoHash(other)));
                await ReadToEndAsync();
                return;
        }
        await SendAsync(Greeting(content.InfoHash));
        var reading = behaviour == HostileBehaviour.NeverReads ? Task.CompletedTask : ReadToEndAsync();
        try
        {
            await TalkAsync(behaviour);
        }
        finally
        {
            // Whatever became of it is not of interest: the connection is over.
            await reading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task TalkAsync(HostileBehaviour behaviour)
    {
        switch (behaviour)
        {
            case HostileBehaviour.Garbage:
                var garbage = new byte[random.Next(1, 5000)];
                random.NextBytes(garbage);
                await SendAsync(garbage);
                break;
            case HostileBehaviour.HugeLength:
                await SendAsync(new byte[] { (byte)random.Next(1, 256), 0xFF, 0xFF, 0xFF, 7 });
                break;
            case HostileBehaviour.DrippedBody:
                await DripAsync([0, 0, 0x40, 9, 7, .. new byte[16_000]]);
                break;
            case HostileBehaviour.BadBitfield:
                await SendAsync(PeerMessage.Bitfield(new byte[random.Next(2) == 0 ? 1 : 200_000]));
                break;
            case HostileBehaviour.HaveFlood:
                await RepeatAsync([.. Enumerable.Range(0, Math.Min(50, content.Layout.PieceCount)).Select(static piece => PeerMessage.Have(new PieceIndex(piece)))]);
                break;
            case HostileBehaviour.KeepAliveFlood:
                await RepeatAsync([.. Enumerable.Repeat(PeerMessage.KeepAlive, 200)]);
                break;
            case HostileBehaviour.Flapping:
                await RepeatAsync([.. Enumerable.Range(0, 50).SelectMany(static _ => new[] { PeerMessage.Choke, PeerMessage.Unchoke, PeerMessage.Interested, PeerMessage.NotInterested })]);
                break;
            case HostileBehaviour.NeverReads:
                await SendAsync(PeerMessage.Interested);
                await RepeatAsync([.. Enumerable.Range(0, 100).Select(_ => PeerMessage.Request(AnyBlock()))]);
                break;
            case HostileBehaviour.BadRequests:
                await RepeatAsync(
                [
                    PeerMessage.Request(new BlockRequest(new PieceIndex(content.Layout.PieceCount + 5), 0, 16_384)),
                    PeerMessage.Request(new BlockRequest(new PieceIndex(0), int.MaxValue, int.MaxValue)), PeerMessage.Request(new BlockRequest(new PieceIndex(0), 0, 0)),
                ]);
                break;
            case HostileBehaviour.RequestsAndCancels:
                await SendAsync(PeerMessage.Interested);
                await RepeatAsync([.. Enumerable.Range(0, 50).SelectMany(_ => Both(AnyBlock()))]);
                break;
            case HostileBehaviour.Stalls:
                await SendAsync(All(), PeerMessage.Unchoke, PeerMessage.Interested);
                break;
            case HostileBehaviour.Rejects:
                await SendAsync(All(), PeerMessage.Unchoke);
                await RepeatAsync([.. Enumerable.Range(0, 20).Select(_ => PeerMessage.Reject(AnyBlock()))]);
                break;
            case HostileBehaviour.UnaskedBlocks:
                await RepeatAsync([.. Enumerable.Range(0, 4).Select(_ => Unasked())]);
                break;
            case HostileBehaviour.NestedBencode:
                await SendAsync(PeerMessage.Extended((byte)random.Next(0, 4), Encoding.ASCII.GetBytes("d1:a" + new string('l', 7_000) + new string('e', 7_001))));
                break;
            case HostileBehaviour.PexFlood:
                var told = new byte[50 * 6];
                random.NextBytes(told);
                // Of this host all of them: nobody else is to be dialled.
                for (var at = 0; at < told.Length; at += 6)
                    told[at] = 127;
                await RepeatAsync([PeerMessage.Extended(3, (byte[])[.. "d5:added300:"u8, .. told, .. "e"u8])]);
                break;
            case HostileBehaviour.Reset:
                await SendAsync(PeerMessage.Interested);
                socket.LingerState = new LingerOption(true, 0);
                socket.Close();
                break;
        }
    }

    private static PeerMessage[] Both(BlockRequest block) => [PeerMessage.Request(block), PeerMessage.Cancel(block)];

    private PeerMessage Unasked()
    {
        var block = AnyBlock();
        return PeerMessage.Block(block.Piece, block.Offset, new byte[block.Length]);
    }

    private PeerMessage All()
    {
        var all = new Bitfield(content.Layout.PieceCount);
        all.SetAll();
        return PeerMessage.Bitfield(all.ToBytes());
    }

    private BlockRequest AnyBlock()
    {
        var piece = new PieceIndex(random.Next(content.Layout.PieceCount));
        var block = random.Next(content.Layout.BlockCount(piece));
        return new BlockRequest(piece, block * FileLayout.BlockLength, content.Layout.BlockSize(piece, block));
    }

    private byte[] Greeting(InfoHash infoHash)
    {
        var bytes = new byte[Handshake.Length];
        new Handshake(infoHash, PeerId.Create(random), PeerCapabilities.Fast | PeerCapabilities.Extended).Write(bytes);
        return bytes;
    }

    private Task SendAsync(params PeerMessage[] messages)
    {
        var bytes = new byte[messages.Sum(static message => PeerMessageWriter.GetLength(message))];
        var at = 0;
        foreach (var message in messages)
            at += PeerMessageWriter.Write(bytes.AsSpan(at), message);
        return SendAsync(bytes);
    }

    private async Task SendAsync(ReadOnlyMemory<byte> bytes)
    {
        while (!bytes.IsEmpty)
            bytes = bytes[await socket.SendAsync(bytes, end)..];
    }

    /// <summary>The same again and again, until the other side ends it.</summary>
    private async Task RepeatAsync(PeerMessage[] messages)
    {
        while (true)
        {
            await SendAsync(messages);
            await Task.Delay(TimeSpan.FromMilliseconds(random.Next(50, 250)), end);
        }
    }

    private async Task DripAsync(byte[] bytes)
    {
        foreach (var next in bytes)
        {
            await SendAsync(new[] { next });
            await Task.Delay(Drip, end);
        }
    }

    private async Task ReadToEndAsync()
    {
        while (true)
        {
            await socket.ReceiveAsync(Memory<byte>.Empty, end);
            var buffer = ArrayPool<byte>.Shared.Rent(ReadLength);
            try
            {
                if (await socket.ReceiveAsync(buffer, end) == 0)
                    return;
            }
            finally
            {
                ArrayPool<byte>.Shared.Return(buffer);
            }
        }
    }
}
