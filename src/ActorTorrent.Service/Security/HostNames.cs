using System.Net;
using ActorTorrent.Engine.Options;
using ActorTorrent.Service.Options;
using Microsoft.AspNetCore.Http;

namespace ActorTorrent.Service.Security;

/// <summary>By what names this host may be called, and where it may listen.</summary>
internal static class HostNames
{
    private const string Local = "localhost";

    /// <summary>
    /// Whether a request's <c>Host</c> is one of ours: an address, <c>localhost</c>, or a name of the configuration. A web page whose own name
    /// was made to lead here (DNS rebinding) says another.
    /// </summary>
    public static bool IsOurs(HostString host, IReadOnlyList<string> names)
    {
        var name = host.Host;
        if (name.Length == 0 || name.Equals(Local, StringComparison.OrdinalIgnoreCase) || name.Equals(Local + ".", StringComparison.OrdinalIgnoreCase)
            || IPAddress.TryParse(name.Trim('[', ']'), out _))
        {
            return true;
        }
        foreach (var ours in names)
        {
            if (ours == "*" || name.Equals(ours, StringComparison.OrdinalIgnoreCase)
                || (ours.StartsWith("*.", StringComparison.Ordinal) && name.EndsWith(ours[1..], StringComparison.OrdinalIgnoreCase)))
            {
                return true;
            }
        }
        return false;
    }

    /// <summary>Refuses to listen beyond this host while anybody may do anything.</summary>
    /// <exception cref="SettingsException">It would.</exception>
    public static void CheckListening(ServiceSettings settings)
    {
        if (settings.Access.IsRequired)
            return;
        if (settings.Urls.FirstOrDefault(static url => !IsLoopback(url)) is { } open)
        {
            throw new SettingsException(
                $"{ServiceSettings.Section}:Urls has {open}, which others can reach, and nobody has to log in. Set {ServiceSettings.Section}:Access:User and "
                + "PasswordHash, or Access:TokenHash ('actortorrent password' makes the hashes), or listen on 127.0.0.1.");
        }
    }

    /// <summary>Whether an address to listen on is one of this host alone.</summary>
    public static bool IsLoopback(string url)
    {
        var start = url.IndexOf("://", StringComparison.Ordinal);
        var host = HostString.FromUriComponent(url[(start + 3)..].TrimEnd('/')).Host.Trim('[', ']');
        return host.Equals(Local, StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));
    }
}
