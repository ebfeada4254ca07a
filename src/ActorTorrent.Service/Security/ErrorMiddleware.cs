using ActorTorrent.Service.Session;
using Akka.Actor;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace ActorTorrent.Service.Security;

/// <summary>Turns what a request's handling throws into a problem document, and what nobody foresaw into a line of the log.</summary>
internal sealed partial class ErrorMiddleware(RequestDelegate next, ILogger<ErrorMiddleware> log)
{
    public async Task InvokeAsync(HttpContext http)
    {
        try
        {
            await next(http).ConfigureAwait(false);
        }
        catch (BadHttpRequestException e) when (!http.Response.HasStarted)
        {
            await Problem.WriteAsync(http, e.StatusCode, e.Message).ConfigureAwait(false);
        }
        catch (SessionException e) when (!http.Response.HasStarted)
        {
            await Problem.WriteAsync(http, StatusOf(e.Kind), e.Message).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            // The caller went.
        }
        catch (AskTimeoutException e) when (!http.Response.HasStarted)
        {
            LogFailure(http.Request.Method, http.Request.Path, e);
            await Problem.WriteAsync(http, StatusCodes.Status503ServiceUnavailable, "The session did not answer in time.").ConfigureAwait(false);
        }
        catch (Exception e) when (!http.Response.HasStarted)
        {
            LogFailure(http.Request.Method, http.Request.Path, e);
            await Problem.WriteAsync(http, StatusCodes.Status500InternalServerError, "A bug of ours; the log has it.").ConfigureAwait(false);
        }
    }

    /// <summary>The HTTP status for what the session refuses.</summary>
    public static int StatusOf(SessionErrorKind kind) => kind switch
    {
        SessionErrorKind.NotFound => StatusCodes.Status404NotFound,
        SessionErrorKind.Invalid => StatusCodes.Status400BadRequest,
        SessionErrorKind.Conflict => StatusCodes.Status409Conflict,
        SessionErrorKind.Forbidden => StatusCodes.Status403Forbidden,
        _ => StatusCodes.Status500InternalServerError,
    };

    [LoggerMessage(Level = LogLevel.Error, Message = "{Method} {Path} failed")]
    private partial void LogFailure(string method, string path, Exception cause);
}
