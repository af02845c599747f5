# Varnish with surrogate keys, in front of what listens at GONDOLA_VARNISH_BACKEND, with the VCL of deployment/varnish.
# Tests start their own ones of the same program; this one is to be looked at with `make run`.

port=${GONDOLA_VARNISH_PORT:-16080}
backend=${GONDOLA_VARNISH_BACKEND:-127.0.0.1:8000}
folder=$services_dir/varnish

up() {
  # a compiler, since it compiles its VCL
  install_packages varnishd varnish varnish-modules gcc libc6-dev
  mkdir -p "$folder"
  answers && return
  sed -e "s/host = \"127.0.0.1\"/host = \"${backend%:*}\"/" -e "s/\"8000\"/\"${backend##*:}\"/" \
    deployment/varnish/site.vcl >"$folder/site.vcl"
  # without a jail: it runs as the user who started it, in a folder of that user
  varnishd -F -j none -n "$folder/work" -f "$PWD/deployment/varnish/default.vcl" -p "vcl_path=$folder" \
    -a "127.0.0.1:$port" -T none -s malloc,64m </dev/null >"$folder/log" 2>&1 &
  echo $! >"$folder/pid"
  wait_until 60 "Varnish on port $port" answers
}

# Any answer will do: what is behind it need not run.
answers() { curl -s -o "$folder/answer" "http://127.0.0.1:$port/health/ready"; }

down() { end_process "$folder/pid"; }

addresses() { tell GONDOLA_TEST_VARNISH "varnish://127.0.0.1:$port"; }
