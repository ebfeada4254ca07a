using System.Buffers.Text;
using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace ActorTorrent.Benchmarks.Service;

/// <summary>GET requests of HTTP/1.1 over one connection, with as little work as can be: the client shares the machine with what it measures.</summary>
/// <param name="socket">The connection.</param>
/// <param name="host">The name in the requests.</param>
internal sealed class HttpConnection(Socket socket, string host)
{
    private readonly Dictionary<string, byte[]> _requests = new(StringComparer.Ordinal);
    private byte[] _buffer = new byte[16 * 1024];
    private int _start;
    private int _end;

    /// <summary>Asks and reads the answer to its end.</summary>
    /// <returns>The status.</returns>
    /// <exception cref="InvalidDataException">The answer is none.</exception>
    public async ValueTask<int> GetAsync(string path, CancellationToken stop)
    {
        if (!_requests.TryGetValue(path, out var request))
            _requests[path] = request = Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: {host}\r\n\r\n");
        await socket.SendAsync(request, SocketFlags.None, stop);
        var head = await ReadToAsync("\r\n\r\n", stop);
        var text = Encoding.ASCII.GetString(_buffer, _start, head);
        _start += head;
        var status = int.Parse(text.AsSpan(9, 3), NumberStyles.None, CultureInfo.InvariantCulture);
        if (HeaderOf(text, "Content-Length") is { } length)
            await SkipAsync(int.Parse(length, NumberStyles.None, CultureInfo.InvariantCulture), stop);
        else if (HeaderOf(text, "Transfer-Encoding") is "chunked")
            await SkipChunksAsync(stop);
        return status;
    }

    private static string? HeaderOf(string head, string name)
    {
        var at = head.IndexOf($"\r\n{name}: ", StringComparison.OrdinalIgnoreCase);
        if (at < 0)
            return null;
        at += name.Length + 4;
        return head[at..head.IndexOf('\r', at)];
    }

    private async ValueTask SkipChunksAsync(CancellationToken stop)
    {
        while (true)
        {
            var line = await ReadToAsync("\r\n", stop);
            if (!Utf8Parser.TryParse(_buffer.AsSpan(_start, line), out int length, out _, 'x'))
                throw new InvalidDataException("A chunk without its length.");
            _start += line;
            await SkipAsync(length + 2, stop);
            if (length == 0)
                return;
        }
    }

    /// <summary>Reads until a mark is there.</summary>
    /// <returns>Bytes from the start to the mark's end.</returns>
    private async ValueTask<int> ReadToAsync(string mark, CancellationToken stop)
    {
        while (true)
        {
            var at = _buffer.AsSpan(_start, _end - _start).IndexOf(Encoding.ASCII.GetBytes(mark));
            if (at >= 0)
                return at + mark.Length;
            await FillAsync(stop);
        }
    }

    private async ValueTask SkipAsync(int count, CancellationToken stop)
    {
        while (count > _end - _start)
        {
            count -= _end - _start;
            _start = _end = 0;
            await FillAsync(stop);
        }
        _start += count;
    }

    private async ValueTask FillAsync(CancellationToken stop)
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            _end -= _start;
            _start = 0;
        }
        if (_end == _buffer.Length)
            Array.Resize(ref _buffer, _buffer.Length * 2);
        var read = await socket.ReceiveAsync(_buffer.AsMemory(_end), SocketFlags.None, stop);
        if (read == 0)
            throw new InvalidDataException("The service closed the connection.");
        _end += read;
    }
}
