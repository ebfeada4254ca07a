using System.Globalization;
using System.Net;
using ActorTorrent.Service.Options;
using Microsoft.AspNetCore.Http;

namespace ActorTorrent.Service.Security;

/// <summary>
/// Stands before everything: who may call at all. The name that this host is called by, the page that a browser's request comes from, the
/// caller's proof of who it is, and how often that failed.
/// </summary>
internal sealed class AccessMiddleware(RequestDelegate next, ServiceSettings settings, FailedLogins failures) : IDisposable
{
    private readonly SemaphoreSlim _proving = new(1);
    private readonly AccessSettings _access = settings.Access;
    private readonly Credentials _credentials = new(settings.Access);

    public async Task InvokeAsync(HttpContext http)
    {
        // With a login any name will do: a browser keeps what it knows of logins by name, so a rebound one brings none.
        if (!_access.IsRequired && !HostNames.IsOurs(http.Request.Host, _access.Hosts))
        {
            await Problem.WriteAsync(
                http,
                StatusCodes.Status421MisdirectedRequest,
                $"'{http.Request.Host.Host}' is no name of this service; its configuration lists them ({ServiceSettings.Section}:Access:Hosts).").ConfigureAwait(false);
            return;
        }
        if (IsForeign(http.Request))
        {
            await Problem.WriteAsync(http, StatusCodes.Status403Forbidden, "A page of another site may not steer this service.").ConfigureAwait(false);
            return;
        }
        if (_access.IsRequired && !http.Request.Path.StartsWithSegments("/health", StringComparison.Ordinal) && !await ProvesAsync(http).ConfigureAwait(false))
            return;
        await next(http).ConfigureAwait(false);
    }

    public void Dispose() => _proving.Dispose();

    /// <summary>Whether a browser says that a request that changes something comes from another site's page.</summary>
    private static bool IsForeign(HttpRequest request)
    {
        if (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method) || HttpMethods.IsOptions(request.Method))
            return false;
        if (request.Headers["Sec-Fetch-Site"] is { Count: > 0 } site && site != "same-origin" && site != "none")
            return true;
        return request.Headers.Origin is { Count: > 0 } origin
            && (!Uri.TryCreate(origin, UriKind.Absolute, out var from)
                || !new HostString(from.Authority).Equals(new HostString(request.Host.Value!)));
    }

    private async Task<bool> ProvesAsync(HttpContext http)
    {
        var address = http.Connection.RemoteIpAddress ?? IPAddress.None;
        if (await IsRefusedAsync(http, address).ConfigureAwait(false))
            return false;
        var header = http.Request.Headers.Authorization.ToString();
        if (header.Length > 0)
        {
            if (_credentials.Knows(header))
            {
                failures.Forget(address);
                return true;
            }
            // One at a time: the hash is slow by design, and who asks many times at once is to be counted each time.
            await _proving.WaitAsync(http.RequestAborted).ConfigureAwait(false);
            try
            {
                if (await IsRefusedAsync(http, address).ConfigureAwait(false))
                    return false;
                // Not on the thread that all requests share.
                if (await Task.Run(() => _credentials.Prove(header)).ConfigureAwait(false))
                {
                    failures.Forget(address);
                    return true;
                }
                failures.Add(address);
            }
            finally
            {
                _proving.Release();
            }
        }
        // A browser asks without a login first; that is no attempt.
        http.Response.Headers.WWWAuthenticate = "Basic realm=\"ActorTorrent\", charset=\"UTF-8\"";
        await Problem.WriteAsync(http, StatusCodes.Status401Unauthorized, "Log in with user and password, or a bearer token.").ConfigureAwait(false);
        return false;
    }

    /// <summary>Whether an address failed too often; then that is said.</summary>
    private async Task<bool> IsRefusedAsync(HttpContext http, IPAddress address)
    {
        if (failures.Wait(address) is not { } wait)
            return false;
        http.Response.Headers.RetryAfter = Math.Max(1, (int)wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        await Problem.WriteAsync(http, StatusCodes.Status429TooManyRequests, "Too many failed logins from your address.").ConfigureAwait(false);
        return true;
    }
}
