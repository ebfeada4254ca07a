using System.CommandLine;
using System.Text;
using ActorTorrent.Engine.Options;

namespace ActorTorrent.Cli;

/// <summary>The option that says through whom connections are made.</summary>
internal static class ProxyOption
{
    private const int DefaultSocksPort = 1080;

    /// <summary><c>--proxy</c>.</summary>
    public static Option<string?> Create() => new("--proxy")
    {
        Description = "A SOCKS 5 or HTTP proxy for peers and HTTP trackers: socks5://[USER:PASSWORD@]HOST[:PORT], http://…, or none. UDP trackers, DHT and LSD are off then.",
        HelpName = "URL",
    };

    /// <summary>The proxy; null when nothing is said of one.</summary>
    /// <exception cref="InputException">It is not such an address.</exception>
    public static ProxyOptions? Parse(string? text)
    {
        if (text is null)
            return null;
        if (text == "none")
            return new ProxyOptions();
        if (!Uri.TryCreate(text, UriKind.Absolute, out var url) || url.Scheme is not ("socks5" or "http") || url.Host.Length == 0 || url.AbsolutePath.Length > 1)
            throw new InputException("--proxy: the value is neither socks5://HOST:PORT nor http://HOST:PORT, such as socks5://127.0.0.1:1080, nor none.");
        var (user, password) = url.UserInfo.Split(':', 2) is [var name, var secret] ? (name, secret) : (url.UserInfo, "");
        var proxy = new ProxyOptions
        {
            Kind = url.Scheme == "http" ? ProxyKind.Http : ProxyKind.Socks5,
            Host = url.IdnHost,
            Port = url.Port > 0 ? url.Port : DefaultSocksPort,
            User = Uri.UnescapeDataString(user),
            Password = Uri.UnescapeDataString(password),
        };
        return Encoding.UTF8.GetByteCount(proxy.User) <= byte.MaxValue && Encoding.UTF8.GetByteCount(proxy.Password) <= byte.MaxValue
            ? proxy
            : throw new InputException("--proxy: name and password have at most 255 bytes each.");
    }
}
