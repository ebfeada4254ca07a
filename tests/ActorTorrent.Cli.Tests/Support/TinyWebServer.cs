using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace ActorTorrent.Cli.Tests.Support;

/// <summary>Answers GET on a free port of loopback, a connection for each.</summary>
internal sealed class TinyWebServer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Func<string, (HttpStatusCode Status, byte[] Body)> _answer;
    private readonly Task _serving;

    public TinyWebServer(Func<string, (HttpStatusCode Status, byte[] Body)> answer)
    {
        _answer = answer;
        _listener.Start();
        Address = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/"));
        _serving = ServeAsync();
    }

    public Uri Address { get; }

    public void Dispose()
    {
        _listener.Dispose();
        ((IAsyncResult)_serving).AsyncWaitHandle.WaitOne(TimeSpan.FromSeconds(10));
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                using var client = await _listener.AcceptTcpClientAsync();
                await using var stream = client.GetStream();
                using var reader = new StreamReader(stream, Encoding.ASCII);
                var path = (await reader.ReadLineAsync())!.Split(' ')[1];
                while (await reader.ReadLineAsync() is { Length: > 0 })
                {
                    // The rest of the head is of no interest.
                }
                var (status, body) = _answer(path);
                var head = string.Create(
                    CultureInfo.InvariantCulture, $"HTTP/1.1 {(int)status} {status}\r\nContent-Length: {body.Length}\r\nConnection: close\r\n\r\n");
                await stream.WriteAsync(Encoding.ASCII.GetBytes(head));
                await stream.WriteAsync(body);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Disposed of.
        }
    }
}
