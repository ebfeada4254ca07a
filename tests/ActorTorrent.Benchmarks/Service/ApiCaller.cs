using System.Buffers.Text;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace ActorTorrent.Benchmarks.Service;

/// <summary>
/// A client of an HTTP service over one connection that it keeps: GET requests made ready beforehand, answers read to their end and not looked
/// into. It shares the machine with what it measures, so it does as little as can be.
/// </summary>
internal sealed class ApiCaller : IDisposable
{
    private static readonly byte[] EndOfHead = "\r\n\r\n"u8.ToArray();

    private readonly byte[][] _requests;
    private byte[] _buffer = new byte[64 * 1024];
    private int _end;

    // Where the answer ends, once its head is there; -1 for one in chunks, which ends with an empty one.
    private int? _length;

    /// <param name="port">The service's port on this machine.</param>
    /// <param name="paths">What it asks for.</param>
    public ApiCaller(int port, IReadOnlyList<string> paths)
    {
        _requests = [.. paths.Select(path => Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n")))];
        Socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        Socket.Connect(IPAddress.Loopback, port);
        Socket.Blocking = false;
    }

    /// <summary>The connection, which does not block.</summary>
    public Socket Socket { get; }

    /// <summary>The last answer's status.</summary>
    public int Status { get; private set; }

    /// <summary>The last answer's bytes, its head included.</summary>
    public int Length { get; private set; }

    /// <summary>Asks.</summary>
    /// <param name="path">Which of the paths.</param>
    /// <exception cref="SocketException">The connection is gone.</exception>
    public void Ask(int path)
    {
        _end = 0;
        _length = null;
        _ = Socket.Send(_requests[path]);
    }

    /// <summary>Takes what came of the answer.</summary>
    /// <returns>Whether that was the rest of it.</returns>
    /// <exception cref="SocketException">The connection is gone.</exception>
    /// <exception cref="InvalidDataException">The answer is none.</exception>
    public bool Take()
    {
        while (true)
        {
            if (_end == _buffer.Length)
                Array.Resize(ref _buffer, _buffer.Length * 2);
            var read = Socket.Receive(_buffer.AsSpan(_end), SocketFlags.None, out var error);
            if (error == SocketError.WouldBlock)
                return false;
            if (error != SocketError.Success)
                throw new SocketException((int)error);
            if (read == 0)
                throw new InvalidDataException("The service closed the connection.");
            _end += read;
            if (IsWhole())
            {
                Length = _end;
                return true;
            }
        }
    }

    public void Dispose() => Socket.Dispose();

    private bool IsWhole()
    {
        var answer = _buffer.AsSpan(0, _end);
        if (_length is null)
        {
            var head = answer.IndexOf(EndOfHead);
            if (head < 0)
                return false;
            ReadHead(answer[..(head + EndOfHead.Length)]);
        }
        return _length < 0 ? answer.EndsWith("\r\n0\r\n\r\n"u8) : _end == _length;
    }

    private void ReadHead(ReadOnlySpan<byte> head)
    {
        if (head.Length < 12 || !Utf8Parser.TryParse(head.Slice(9, 3), out int status, out _))
            throw new InvalidDataException("The answer has no status.");
        Status = status;
        var name = "\r\nContent-Length: "u8;
        var at = head.IndexOf(name);
        _length = at < 0 ? -1
            : Utf8Parser.TryParse(head[(at + name.Length)..], out int length, out _) ? head.Length + length
            : throw new InvalidDataException("The answer has no length.");
    }
}
