#!/usr/bin/env node
import "../dist/superset-bin.js";
