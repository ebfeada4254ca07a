using System.Buffers.Binary;
using System.Net.Sockets;
using ActorTorrent.Wire.Metainfo;
using ActorTorrent.Wire.Peers;

namespace ActorTorrent.Benchmarks.Micro;

/// <summary>A peer on a thread of its own that answers requests with blocks, as many as it is allowed; it allocates nothing while it does.</summary>
internal sealed class BlockFeeder(Socket socket)
{
    private const int RequestLength = 17;
    private const int Most = 16;

    private readonly byte[] _in = new byte[64 * 1024];
    private readonly byte[] _out = PieceMessages.Make(Most);
    private readonly SemaphoreSlim _allowed = new(0);
    private int _filled;
    private int _left;

    public void Start() => new Thread(Run) { IsBackground = true, Name = "feeder" }.Start();

    /// <summary>Allows more blocks.</summary>
    public void Allow(int blocks)
    {
        Interlocked.Add(ref _left, blocks);
        _allowed.Release();
    }

    private void Run()
    {
        try
        {
            Skip(Handshake.Length);
            while (true)
                Answer();
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or EndOfStreamException)
        {
            // The benchmark is over.
        }
    }

    private void Answer()
    {
        while (Volatile.Read(ref _left) == 0)
            _allowed.Wait();
        Fill(4);
        var count = 0;
        var at = 0;
        while (count < Math.Min(Most, _left) && _filled - at >= 4)
        {
            var length = 4 + BinaryPrimitives.ReadInt32BigEndian(_in.AsSpan(at));
            if (_filled - at < length)
                break;
            if (length == RequestLength && _in[at + 4] == (byte)PeerMessageKind.Request)
            {
                var piece = BinaryPrimitives.ReadInt32BigEndian(_in.AsSpan(at + 5));
                var offset = BinaryPrimitives.ReadInt32BigEndian(_in.AsSpan(at + 9));
                PeerMessageWriter.WriteBlockHeader(
                    _out.AsSpan(count++ * PieceMessages.Length), new BlockRequest(new PieceIndex(piece), offset, FileLayout.BlockLength));
            }
            at += length;
        }
        if (at == 0)
        {
            Fill(_filled + 1);
            return;
        }
        Drop(at);
        Interlocked.Add(ref _left, -count);
        for (var sent = 0; sent < count * PieceMessages.Length;)
            sent += socket.Send(_out.AsSpan(sent, (count * PieceMessages.Length) - sent), SocketFlags.None);
    }

    private void Skip(int length)
    {
        Fill(length);
        Drop(length);
    }

    private void Fill(int least)
    {
        while (_filled < least)
        {
            var count = socket.Receive(_in.AsSpan(_filled), SocketFlags.None);
            if (count == 0)
                throw new EndOfStreamException();
            _filled += count;
        }
    }

    private void Drop(int length)
    {
        _in.AsSpan(length, _filled - length).CopyTo(_in);
        _filled -= length;
    }
}
