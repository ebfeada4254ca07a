using System.Net;
using System.Net.Sockets;
using System.Text;

namespace ActorTorrent.Service.Tests.Support;

/// <summary>Takes one HTTP request after the other and answers 200; keeps the first body.</summary>
public sealed class HookServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly TaskCompletionSource<string> _body = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _run;

    public HookServer()
    {
        _listener.Start();
        _run = RunAsync();
    }

    public string Url => $"http://{_listener.LocalEndpoint}/hook";

    public Task<string> Body(CancellationToken deadline) => _body.Task.WaitAsync(deadline);

    public async ValueTask DisposeAsync()
    {
        _listener.Dispose();
        await _run;
    }

    private async Task RunAsync()
    {
        try
        {
            while (true)
            {
                using var client = await _listener.AcceptTcpClientAsync();
                await using var stream = client.GetStream();
                _body.TrySetResult(await ReadAsync(stream));
                await stream.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"u8.ToArray());
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Disposed.
        }
    }

    private static async Task<string> ReadAsync(NetworkStream stream)
    {
        var text = new StringBuilder();
        var buffer = new byte[16 << 10];
        int count;
        while ((count = await stream.ReadAsync(buffer)) > 0)
        {
            text.Append(Encoding.UTF8.GetString(buffer, 0, count));
            var all = text.ToString();
            var end = all.IndexOf("\r\n\r\n", StringComparison.Ordinal);
            if (end < 0)
                continue;
            var length = all[..end].Split("\r\n").First(static line => line.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase))["Content-Length:".Length..];
            if (all.Length - end - 4 >= int.Parse(length, System.Globalization.CultureInfo.InvariantCulture))
                return all[(end + 4)..];
        }
        return text.ToString();
    }
}
